"""The order in which the virtual world's roles act at one instant."""

from __future__ import annotations

from datetime import UTC, datetime

from guestloop.composition.virtual_world import World
from shared.clock import VirtualClock

TEN = datetime(2016, 5, 27, 10, tzinfo=UTC)


class Clockwork:
    """Due at ten, with so many sets of work."""

    def __init__(self, name: str, sets: int, done: list[str]) -> None:
        self.name, self._left, self._done = name, sets, done

    def next_due(self) -> datetime | None:
        return TEN if self._left else None

    def step(self, now: datetime) -> int:
        self._left -= 1
        self._done.append(self.name)
        return 1


def test_a_clock_does_all_that_is_due_before_the_next_one_acts() -> None:
    """Whoever judges messages must have been asked for all of that instant."""
    done: list[str] = []
    clocks = [("campaigns", Clockwork("timers", 2, done)), ("messaging", Clockwork("sender", 1, done))]
    World(VirtualClock(TEN), relays={}, consumers={}, clocks=clocks).settle(TEN)
    assert done == ["timers", "timers", "sender"]
