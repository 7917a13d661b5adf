"""Words that cannot wait: `urgent_words.txt` lists them, in the languages guests write."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("urgent_words.txt")
UNSPACED = re.compile("[぀-ヿ㐀-鿿가-힣฀-๿]")
"""Scripts whose words no space divides, or whose endings stand at the word."""


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
    for urgency, (spaced, unspaced) in _listed().items():
        if match := spaced.search(plain) or unspaced.search(plain):
            return urgency, match[0].strip()
    return Urgency.NONE, ""


@cache
def _listed() -> dict[Urgency, tuple[re.Pattern[str], re.Pattern[str]]]:
    """By urgency, the greatest first: words found whole, and words found anywhere."""
    lists: dict[Urgency, list[str]] = {Urgency.EMERGENCY: [], Urgency.URGENT: []}
    under = Urgency.URGENT
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            under = Urgency(line.strip("[]"))
        elif line and not line.startswith("#"):
            lists[under].append(_plain(line))
    return {urgency: (_whole(words), _anywhere(words)) for urgency, words in lists.items()}


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
