"""Words that cannot wait: `urgent_words.txt` lists them, in the languages guests write."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("urgent_words.txt")
MERELY = "[merely]"
"""Under it stand words that hold an urgent one and mean something else."""
UNSPACED = re.compile("[぀-ヿ㐀-鿿가-힣฀-๿]")
"""Scripts whose words no space divides, or whose endings stand at the word."""


Patterns = tuple[re.Pattern[str], re.Pattern[str]]


class Urgency(StrEnum):
    NONE = "none"
    URGENT = "urgent"
    EMERGENCY = "emergency"


def urgency_of(text: str | None) -> Urgency:
    """The greatest urgency of the words in a text."""
    return urgent_words(text)[0]


def urgent_words(text: str | None) -> tuple[Urgency, str]:
    """The greatest urgency in a text, and the words it rests on, as they are listed."""
    plain = _plain(text or "")
    for merely in _listed()[1]:
        plain = merely.sub("…", plain)
    for urgency, (spaced, unspaced) in _listed()[0].items():
        if match := spaced.search(plain) or unspaced.search(plain):
            return urgency, match[0].strip()
    return Urgency.NONE, ""


@cache
def _listed() -> tuple[dict[Urgency, Patterns], Patterns]:
    """By urgency, the greatest first: words found whole, and words found anywhere; and those that mean something
    else."""
    lists: dict[str, list[str]] = {f"[{Urgency.EMERGENCY}]": [], f"[{Urgency.URGENT}]": [], MERELY: []}
    under = MERELY
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            under = line
        elif line and not line.startswith("#"):
            lists[under].append(_plain(line))
    found = {under: (_whole(words), _anywhere(words)) for under, words in lists.items()}
    merely = found.pop(MERELY)
    return {Urgency(under.strip("[]")): patterns for under, patterns in found.items()}, merely


def _whole(words: list[str]) -> re.Pattern[str]:
    spaced = (re.escape(word) for word in words if not UNSPACED.search(word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)")


def _anywhere(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in words if UNSPACED.search(word)))


def _plain(text: str) -> str:
    """Lower case, without accents, apostrophes and spaces of one kind."""
    parts = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    without = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return " ".join(unicodedata.normalize("NFC", without).split())
