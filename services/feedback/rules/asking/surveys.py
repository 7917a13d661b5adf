"""How long a survey takes an answer, and how long that may be changed."""

from __future__ import annotations

from datetime import datetime, timedelta

OPEN_FOR = timedelta(days=90)
"""From when it was sent. What comes later is no word on that stay's season, and opens no urgent case."""
CHANGEABLE_FOR = timedelta(hours=72)
"""From the first answer."""


def closes_at(sent_at: datetime) -> datetime:
    return sent_at + OPEN_FOR


def final_from(answered_at: datetime) -> datetime:
    return answered_at + CHANGEABLE_FOR


def takes_answer_until(sent_at: datetime, answered_at: datetime | None) -> datetime:
    """Until when a survey may be answered, or its answer changed."""
    return final_from(answered_at) if answered_at else closes_at(sent_at)
