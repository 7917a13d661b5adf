"""The group lives on by the machine's clock: what its guests had planned comes to pass while the demo runs.

Both roles may be started again at any time: commands for what happened before change nothing.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from pathlib import Path

from guestloop.composition.services import Group
from guestloop.demo.play import ANSWERED, ZONES, Act, between
from guestloop.simulation.guests import AnsweringGuests
from guestloop.simulation.history import PLAIN_MAPPING, acts_of, read_history
from shared.bus.roles import Timed

FURTHEST_AHEAD = timedelta(days=150)
LOOKS_BACK = timedelta(days=3)


class HotelLife:
    """Bookings, arrivals and departures of the demo's export, each at its instant."""

    name = "demo hotels"

    def __init__(self, group: Group, export: Path, since: datetime) -> None:
        segments = group.database("segments")
        history = read_history(export, PLAIN_MAPPING)
        last = since + FURTHEST_AHEAD
        self._acts: deque[Act] = deque(between(since, last, acts_of(history, segments, ZONES, last.date())))

    def next_due(self) -> datetime | None:
        return self._acts[0][0] if self._acts else None

    def step(self, now: datetime) -> int:
        """One act at a time, so that each is a transaction of its own."""
        if not self._acts or self._acts[0][0] > now:
            return 0
        instant, act = self._acts.popleft()
        act(instant)
        return 1


def life_of(group: Group, export: Path, since: datetime, seed: int) -> tuple[Timed, ...]:
    """The roles of a demo that runs since `since`; guests answer what they got in the last days."""
    answers = AnsweringGuests(group.database("feedback"), seed=seed, since=since - LOOKS_BACK, per_mille=ANSWERED)
    return (HotelLife(group, export, since), answers)
