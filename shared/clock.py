"""Where time comes from. Nothing else in Guestloop asks the machine what time it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """This instant, in UTC, aware."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until `advance_to`, and never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance_to(self, instant: datetime) -> None:
        if instant < self._now:
            raise ValueError(f"time does not go back: {instant.isoformat()} is before {self._now.isoformat()}")
        self._now = instant.astimezone(UTC)


def lasts(span: timedelta) -> Callable[[], bool]:
    """A question that is answered yes until `span` has passed, also where the process or the machine was asleep."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    ends = time.clock_gettime(clock) + span.total_seconds()
    return lambda: time.clock_gettime(clock) < ends
