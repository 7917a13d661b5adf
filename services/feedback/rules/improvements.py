"""Before and after: two spans of the same length, one that ends where an improvement begins, one that begins where it
is done. What is said while it is under way counts in neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 90
"""Days of each span: later there may be other reasons."""


@dataclass(frozen=True)
class Span:
    """Both days included."""

    first: date
    last: date


@dataclass(frozen=True)
class Share:
    """Of so many texts, how many speak badly of the topic."""

    bad: int
    texts: int


def spans_of(started_on: date, done_on: date | None, today: date) -> tuple[Span, Span | None]:
    """The span before, and the one after where a day of it is over; then both are as long as that one."""
    over = (today - done_on).days - 1 if done_on else 0
    length = min(over, LONGEST) if over > 0 else LONGEST
    before = Span(started_on - timedelta(days=length), started_on - timedelta(days=1))
    if done_on is None or over <= 0:
        return before, None
    return before, Span(done_on + timedelta(days=1), done_on + timedelta(days=length))
