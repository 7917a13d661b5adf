"""When an answer becomes somebody's case, and how urgent it is."""

from __future__ import annotations

from datetime import datetime, timedelta

FOLLOW_UP, COMPLAINT = "follow_up", "complaint"
LOWEST, HIGHEST = 0, 10
A_CASE_TAKES = timedelta(hours=48)


def level_of(score: int, threshold: int) -> int | None:
    """1 to 3, the lower the score the greater; None where the score asks for nobody."""
    if score > threshold:
        return None
    return 3 if score <= threshold // 3 else 2 if score <= 2 * threshold // 3 else 1


def deadline(opened_at: datetime, level: int) -> datetime:
    """The greater the level, the sooner."""
    return opened_at + A_CASE_TAKES / level
