"""How long somebody waits who tried to sign in and did not succeed: longer each time, so that guessing takes years."""

from __future__ import annotations

from datetime import datetime, timedelta

FREE = {"account": 5, "address": 25}  # a whole hotel may sit behind one network address
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


def free_again(kind: str, attempts: int, last_at: datetime) -> datetime:
    """When the next attempt is allowed after so many in vain, the last one at `last_at`."""
    beyond = attempts - FREE[kind]
    if beyond < 0:
        return last_at
    return last_at + min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(beyond, 12)))
