"""When an answer becomes somebody's case, how urgent it is, and how it may end."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

FOLLOW_UP, COMPLAINT = "follow_up", "complaint"
LOWEST, HIGHEST = 0, 10
A_CASE_TAKES = timedelta(hours=48)
A_COMPLAINT_PAUSES_FOR = timedelta(days=30)


class Reason(StrEnum):
    """What a case arises from: an answer, a reply, or how a person was told."""

    SCORE = "score"
    STOP_INSIDE = "stop_inside"
    REPLY = "reply"
    DESK = "desk"
    PHONE = "phone"
    EMAIL = "email"
    REVIEW = "review"
    SAID = "said"


BY_A_PERSON = (Reason.DESK, Reason.PHONE, Reason.EMAIL, Reason.REPLY, Reason.REVIEW, Reason.SAID)
OUTCOMES = ("put_right", "apologised", "compensated", "explained", "not_reached", "nothing_to_do")


def level_of(score: int, threshold: int) -> int | None:
    """1 to 3, the lower the score the greater; None where the score asks for nobody."""
    if score > threshold:
        return None
    return 3 if score <= threshold // 3 else 2 if score <= 2 * threshold // 3 else 1


def deadline(opened_at: datetime, level: int) -> datetime:
    """The greater the level, the sooner."""
    return opened_at + A_CASE_TAKES / level


def pauses_until(kind: str, opened_at: datetime, *, is_open: bool) -> datetime | None:
    """Until when an open complaint keeps offers from the guest; None where it keeps none."""
    return opened_at + A_COMPLAINT_PAUSES_FOR if is_open and kind == COMPLAINT else None


def share_gone(opened_at: datetime, due: datetime, now: datetime) -> int:
    """How much of the time for a case is used up, 0 to 100."""
    whole = (due - opened_at).total_seconds()
    return max(0, min(100, round(100 * (now - opened_at).total_seconds() / whole))) if whole > 0 else 100
