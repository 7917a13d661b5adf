"""The order in which the virtual world's roles act at one instant."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from threading import Barrier

import pytest

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


class Relayed:
    """Publishes once, to both consumers."""

    name, drained = "segments relay", True

    def step(self, now: datetime) -> int:
        return 1

    def close(self) -> None: ...


class Meeting:
    """A consumer that goes on once the other works too; `fails`: and raises then."""

    drained = True

    def __init__(self, name: str, both: Barrier, met: list[str], *, fails: bool = False) -> None:
        self.name, self._both, self._met, self._fails = name, both, met, fails

    def step(self, now: datetime) -> int:
        self._both.wait(30)
        if self._fails:
            raise RuntimeError(self.name)
        self._met.append(self.name)
        return 0

    def close(self) -> None: ...


@pytest.mark.parametrize("fails", [False, True])
def test_two_services_consume_side_by_side_and_all_have_ended_when_one_raises(fails: bool) -> None:
    both, met = Barrier(2), list[str]()
    consumers = {"feedback": Meeting("feedback", both, met, fails=fails), "messaging": Meeting("messaging", both, met)}
    with closing(World(VirtualClock(TEN), {"segments": Relayed()}, consumers, clocks=[])) as world:
        world.mark_changed("segments")
        if fails:
            with pytest.raises(RuntimeError):
                world.drain(TEN)
        else:
            world.drain(TEN)
    assert sorted(met) == (["messaging"] if fails else ["feedback", "messaging"])
