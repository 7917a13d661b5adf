"""Text as words can be compared in it: one case, no accents, plain digits; each letter knows where it came from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters that have no plain letter inside them, but are written with one by whoever lacks the keys.
PLAIN = {"ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ς": "σ"}
SPELT = {"🔟": "10", "½": ".5"}
ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"}
MARKS = ((0x300, 0x36F), (0x591, 0x5C7), (0x64B, 0x65F), (0x670, 0x670), (0x640, 0x640))
"""Accents of Latin, Greek and Cyrillic letters, points of Hebrew, vowels and the stretch of Arabic. The marks of Thai
and Hindi are letters of their own and stay."""
INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f\u20e3\u00ad\u202a\u202b\u202c\u202d\u202e")


@dataclass(frozen=True)
class Folded:
    """`places[i]`: where in `original` the letter `text[i]` stands."""

    original: str
    text: str
    places: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        """The original words of a stretch of the folded text."""
        if start >= end:
            return ""
        return self.original[self.places[start] : self.places[end - 1] + 1]

    def after(self, end: int) -> str:
        """The original text behind a place of the folded one."""
        return self.original[self.places[end] :] if end < len(self.places) else ""


def fold(text: str) -> Folded:
    original = unicodedata.normalize("NFC", text)
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(original):
        plain = _plain(letter)
        letters.append(plain)
        places += [place] * len(plain)
    return Folded(original, "".join(letters), tuple(places))


@lru_cache(maxsize=8192)
def _plain(letter: str) -> str:
    if letter in INVISIBLE:
        return ""
    if letter in SPELT:
        return SPELT[letter]
    if "\uac00" <= letter <= "\ud7a3":  # a Korean syllable is one letter
        return letter
    digit = unicodedata.digit(letter, None)
    if digit is not None and unicodedata.category(letter) in ("Nd", "No"):
        return str(digit)
    spread = unicodedata.normalize("NFKD", letter).casefold()
    kept = "".join(each for each in unicodedata.normalize("NFKD", spread) if not _is_mark(each))
    kept = "".join(ARABIC.get(each, PLAIN.get(each, each)) for each in kept)
    return unicodedata.normalize("NFC", kept) if len(kept) < 3 else kept


def _is_mark(letter: str) -> bool:
    code = ord(letter)
    return any(first <= code <= last for first, last in MARKS)
