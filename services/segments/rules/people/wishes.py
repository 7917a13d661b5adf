"""Tags and wishes as a column states them, and how they come beside what people noted: nothing of theirs is lost."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_TAGS = 20
LONGEST_TAG = 40
LONGEST_WISH = 200
LONGEST_NOTE = 2_000
BETWEEN = re.compile(r"[;,|，、；\n]")


def read_tags(text: str) -> tuple[str, ...]:
    """Tags that ; , | or a line break separates. Raises ValueError where one is too long, or they are too many."""
    found = tuple(dict.fromkeys(" ".join(one.split()) for one in BETWEEN.split(text) if one.strip()))
    if not found or len(found) > MOST_TAGS or any(len(one) > LONGEST_TAG for one in found):
        raise ValueError("no tags")
    return found


def read_wish(text: str) -> str:
    """One line. Raises ValueError where it is too long."""
    line = " ".join(text.split())
    if not line or len(line) > LONGEST_WISH:
        raise ValueError("too long")
    return line


def named_wish(name: str, text: str) -> str:
    return f"{name}: {text}"


def with_wishes(note: str, wishes: Sequence[str], *, is_a_sources: bool) -> str:
    """The note with these wishes, a line each. `is_a_sources`: no person wrote it, so that a later word of a column
    stands for the earlier one; a person's lines stay, and a column that they speak of is not stated beside them."""
    lines = note.split("\n") if note else []
    for wish in wishes:
        same = [place for place, line in enumerate(lines) if _subject(line) == _subject(wish)]
        if not same:
            if sum(map(len, lines)) + len(lines) + len(wish) <= LONGEST_NOTE:
                lines.append(wish)
        elif is_a_sources:
            lines[same[0]] = wish
    return "\n".join(lines)


def _subject(line: str) -> str:
    name, colon, _ = line.partition(":")
    return (name if colon else line).strip().casefold()
