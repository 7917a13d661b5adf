"""When an answer becomes somebody's case, how urgent it is, and how it may end."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from shared.vocabulary.case import CaseKind
from shared.vocabulary.term import N_, Term

LOWEST, HIGHEST = 0, 10
A_COMPLAINT_PAUSES_FOR = timedelta(days=30)
MOST_PICTURES = 12
LEVELS = {CaseKind.FOLLOW_UP: 1, CaseKind.COMPLAINT: 2}
"""The level of a case that a person opens, or that words open."""


class Outcome(Term):
    PUT_RIGHT = "put_right", N_("Put right")
    APOLOGISED = "apologised", N_("Apologised")
    COMPENSATED = "compensated", N_("Compensated")
    EXPLAINED = "explained", N_("Explained")
    NOT_REACHED = "not_reached", N_("Not reached")
    NOTHING_TO_DO = "nothing_to_do", N_("Nothing to do")
    MERGED = "merged", N_("Merged into another case")


BY_CHOICE = tuple(outcome for outcome in Outcome if outcome is not Outcome.MERGED)
"""The outcomes a person may choose."""


class EntryKind(StrEnum):
    """What an entry of a case's history records; the page makes its sentence."""

    ASSIGNED = "assigned"
    NOTE = "note"
    CLOSED = "closed"
    REOPENED = "reopened"
    DEPARTMENT = "department"
    MATTER = "matter"
    ROOM = "room"
    LEVEL = "level"
    COMPENSATED = "compensated"
    WITHDRAWN = "withdrawn"
    PICTURE = "picture"
    PICTURE_GONE = "picture_gone"
    MERGED = "merged"
    TOOK_IN = "took_in"
    LATE = "late"


def level_of(score: int, threshold: int) -> int | None:
    """1 to 3, the lower the score the greater; None where the score needs no follow-up."""
    if score > threshold:
        return None
    return 3 if score <= threshold // 3 else 2 if score <= 2 * threshold // 3 else 1


def pauses_until(kind: CaseKind, opened_at: datetime, *, is_open: bool) -> datetime | None:
    """Until when an open case keeps offers from the guest; None where it keeps none."""
    return opened_at + A_COMPLAINT_PAUSES_FOR if is_open and kind is CaseKind.COMPLAINT else None


def share_gone(opened_at: datetime, due: datetime, now: datetime) -> int:
    """How much of the time for a case is used up, 0 to 100."""
    whole = (due - opened_at).total_seconds()
    return max(0, min(100, round(100 * (now - opened_at).total_seconds() / whole))) if whole > 0 else 100
