"""A name in plain Latin letters, however it is written.

The tables of scripts are loaded with the first name that needs them (some 4 MB).
"""

from __future__ import annotations

import re
from functools import lru_cache

from services.segments.rules.people.names import fold

# Family names that are read otherwise than their character is elsewhere.
READ_AS_FAMILY_NAME = {
    "曾": "Zeng", "单": "Shan", "解": "Xie", "仇": "Qiu", "查": "Zha", "区": "Ou", "任": "Ren", "翟": "Zhai",
    "朴": "Piao", "盖": "Ge", "乐": "Yue", "覃": "Qin", "缪": "Miao", "尹": "Yin", "冼": "Xian", "佘": "She",
}  # fmt: skip
# Two ways to write one sound, on the way to one: ü as ue, u or v, й as y, i or j, a long vowel as one or two.
ONE_SOUND = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"ae", "a"), (r"oe", "o"), (r"ue", "u"), (r"(?<=[ln])(?:yu|v)", "u"), (r"ph", "f"), (r"x", "ks"), (r"kh", "h"),
        (r"ou", "o"), (r"[jy]", "i"), (r"ck", "k"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
SYLLABLE = re.compile(r"[A-Z]?[^A-Z\s]+|[A-Z]")


def is_latin(text: str) -> bool:
    """Whether a folded text needs no other script's table."""
    return text.isascii()


def is_han(text: str) -> bool:
    return bool(HAN.search(text))


@lru_cache(maxsize=20_000)
def simplified(text: str) -> str:
    """Han characters in their simplified form: 張偉 as 张伟."""
    return str(_to_simplified().convert(text)) if is_han(text) else text


@lru_cache(maxsize=20_000)
def latin(text: str, *, is_family_name: bool = False) -> tuple[str, ...]:
    """The words of a folded text in plain Latin letters; a Han name's syllables are words."""
    if is_latin(text):
        return tuple(text.split())
    from anyascii import anyascii

    plain = simplified(text)
    if is_family_name and plain[:1] in READ_AS_FAMILY_NAME:
        plain = READ_AS_FAMILY_NAME[plain[0]] + plain[1:]
    if is_han(plain):
        return tuple(fold(syllable) for syllable in SYLLABLE.findall(anyascii(plain)))
    return tuple("".join(c if c.isalnum() else " " for c in fold(anyascii(plain)).replace("'", "")).split())


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """What the usual spellings of one word in Latin letters have in common: Müller, Mueller and Muller."""
    for pattern, to in ONE_SOUND:
        word = pattern.sub(to, word)
    return word


@lru_cache(maxsize=1)
def _to_simplified():  # type: ignore[no-untyped-def]  # the library has no types
    from opencc import OpenCC

    return OpenCC("t2s")
