"""Words as they are compared: without case, accents, width and punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SPACES = re.compile(r"[\W_]+")


@lru_cache(maxsize=20_000)
def word(text: str) -> str:
    """«Check-Out», «CHECKED_OUT» and «Ｃheck out» alike: check out, checked out, check out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return SPACES.sub(" ", "".join(one for one in plain if not unicodedata.combining(one))).strip()


def words(*lines: str) -> frozenset[str]:
    """The words of lines that are cut at commas."""
    return frozenset(word(one) for line in lines for one in line.split(","))


def value_key(text: str) -> str:
    """Under what a value is remembered: signs tell values apart («+» and «-»), case and spaces do not."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
