"""How long somebody waits after wrong passwords: longer each time, so that guessing takes years."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


class AttemptKind(StrEnum):
    """What attempts to sign in are counted by."""

    ACCOUNT = "account"
    ADDRESS = "address"  # of the network


FREE = {AttemptKind.ACCOUNT: 5, AttemptKind.ADDRESS: 25}
"""Attempts without a pause. A whole hotel may share one network address."""


def free_again(kind: AttemptKind, attempts: int, last_at: datetime) -> datetime:
    """When the next attempt is allowed after so many wrong ones, the last at `last_at`."""
    beyond = attempts - FREE[kind]
    if beyond < 0:
        return last_at
    return last_at + min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(beyond, 12)))
