"""What a code is made of: letters nobody takes for others, chance nobody guesses, and one that tells a slip.

A code has eleven letters of chance and one check letter, in groups of four: `7KGM-XW4P-9TCA`. Of a million codes among
23¹¹ one guess in a thousand million hits. The letters are 23 that are not taken for one another (no 0, O, Q; 1, I, L;
2, Z; 5, S; 8, B; U), and 23 is a prime: a weighted sum modulo it tells every single wrong letter and every two that
changed places.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from shared.vocabulary.offer import CODE_LETTERS

ALPHABET = "34679ACDEFGHJKMNPRTVWXY"
CHANCE, GROUP = 11, 4
_FAIR = 256 - 256 % len(ALPHABET)  # bytes from here on are drawn again, so that no letter comes more often
_LETTERS = bytes(ord(ALPHABET[value % len(ALPHABET)]) for value in range(256))
_UNFAIR = bytes(range(_FAIR, 256))
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_MADE = re.compile(rf"[{ALPHABET}]{{{CHANCE + 1}}}")
BESIDE = "/+#*&@"  # signs that codes of others have beside letters and figures
_BETWEEN = re.compile(r"[\s\-‐‑‒–—_.·]+")


def make_codes(count: int) -> list[str]:
    """So many codes as they are compared; one may come twice, as chance has it."""
    letters = _drawn(CHANCE * count)
    return [chance + _check(chance) for chance in (letters[at : at + CHANCE] for at in range(0, len(letters), CHANCE))]


def _drawn(size: int) -> str:
    drawn = b""
    while len(drawn) < size:
        drawn += secrets.token_bytes(size - len(drawn) + 64).translate(_LETTERS, _UNFAIR)
    return drawn[:size].decode("ascii")


def compared(text: str) -> str:
    """A code as it is compared, however somebody types it: without spaces, strokes and case."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def shown(code: str) -> str:
    """One of ours, in groups."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def is_mistyped(code: str) -> bool:
    """It is written as ours are, and its check letter says that it is none."""
    return bool(_MADE.fullmatch(code)) and _check(code[:-1]) != code[-1]


def is_code(text: str) -> bool:
    """Whether it may be one: not empty, not too long, and of signs that a person can give back."""
    code = compared(text)
    return (
        len(text) <= 2 * CODE_LETTERS
        and 0 < len(code) <= CODE_LETTERS
        and all(sign.isalnum() or sign in BESIDE for sign in code)
    )


def _check(chance: str) -> str:
    """The sum of all letters, each with its own weight, is nought."""
    total = sum(weight * _VALUE[letter] for weight, letter in enumerate(chance, start=2))
    return ALPHABET[-total % len(ALPHABET)]
