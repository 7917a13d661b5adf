"""An unforeseen error of one role ends no other one, and what dies often enough ends the supervisor, within an hour."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from types import SimpleNamespace

import pytest

from guestloop.composition.child_processes import Child
from guestloop.composition.services import Group
from guestloop.supervisor import engine
from guestloop.supervisor.engine import Engine
from shared.clock import SystemClock
from tests.loopback import PATIENCE


class Counting:
    """Works a little at every step, and stops everything once it has worked enough."""

    name = "counting"

    def __init__(self, enough: threading.Event) -> None:
        self._enough, self.steps = enough, 0

    def step(self, now: datetime) -> int:
        self.steps += 1
        if self.steps >= 5:
            self._enough.set()
        return 0


class Failing:
    """Raises what nobody foresaw, but the third time."""

    name = "failing"

    def __init__(self, enough: threading.Event | None = None) -> None:
        self._enough, self.steps = enough, 0

    def step(self, now: datetime) -> int:
        self.steps += 1
        if self.steps < 3:
            raise TypeError("'<' not supported between instances of 'str' and 'int'")
        if self._enough:
            self._enough.set()
        return 0


class Relapsing:
    """Fails twice, works for a while of its own `time`, and so again."""

    name = "relapsing"

    def __init__(self, enough: threading.Event) -> None:
        self._enough, self.failures = enough, 0
        self._works, self.time = False, 0.0

    def step(self, now: datetime) -> int:
        if self._works:
            self._works = False
            self.time += engine.WORKED_WELL
            return 1
        self.failures += 1
        self._works = self.failures % 2 == 0
        if self.failures >= 5:
            self._enough.set()
        raise TypeError("'<' not supported between instances of 'str' and 'int'")


def test_the_others_go_on_and_the_role_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PAUSES", (0.01,))
    others, again = threading.Event(), threading.Event()
    counting, failing = Counting(others), Failing(again)
    until = threading.Event()

    def wait() -> None:
        others.wait(PATIENCE)
        again.wait(PATIENCE)
        until.set()

    threading.Thread(target=wait, daemon=True).start()
    Engine(Group({}), SystemClock(), [failing, counting], keeps_going=True).run(until)
    assert counting.steps >= 5
    assert failing.steps >= 3


def test_after_a_while_of_good_work_the_pauses_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in the morning and one in the evening are each the first."""
    monkeypatch.setattr(engine, "PAUSES", (0.01, 0.02, 5.0))
    until, paused = threading.Event(), list[float]()
    role = Relapsing(until)
    monkeypatch.setattr(engine, "time", SimpleNamespace(monotonic=lambda: role.time))
    monkeypatch.setattr(engine.log, "error", lambda *_, seconds, **__: paused.append(seconds))
    Engine(Group({}), SystemClock(), [role], keeps_going=True).run(until)
    assert paused[:5] == [0.01, 0.02, 0.01, 0.02, 0.01]


def test_whoever_waits_for_the_engine_is_told_at_once() -> None:
    with pytest.raises(TypeError):
        Engine(Group({}), SystemClock(), [Failing()]).run(threading.Event())


def test_deaths_are_counted_by_the_hour() -> None:
    child = Child("engine", "guestloop.supervisor.engine", {})
    now = time.monotonic()
    child._started += [now - 7200, now - 3601, now - 3599, now]
    assert child.starts_of_this_hour == 2
