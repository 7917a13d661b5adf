"""With whom somebody stays: names of one cell, told apart where they are written apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_COMPANIONS = 30
LONGEST_NAME = 120
BETWEEN = re.compile(r"[;|/&+\n、；＋＆]")


def read_companions(text: str) -> str:
    """The names, a line each. A comma parts them where each part has a given and a family name: «Sá, Ana» is one
    person. Raises ValueError where nobody is named, or too many are."""
    parts = BETWEEN.split(text)
    by_comma = re.split("[,，]", text)
    if len(parts) == 1 and all(len(part.split()) > 1 for part in by_comma):
        parts = by_comma
    return companion_lines(parts)


def companion_lines(names: Iterable[str]) -> str:
    """Raises ValueError as `read_companions` does."""
    found = [name for one in names if (name := " ".join(one.split()))]
    if not found or len(found) > MOST_COMPANIONS or any(len(name) > LONGEST_NAME for name in found):
        raise ValueError("no names")
    return "\n".join(dict.fromkeys(found))
