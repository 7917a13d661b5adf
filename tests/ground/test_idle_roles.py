"""Who finds nothing again and again looks less often: woken for nothing among others, or alone in its process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime

from services.messaging.sender_role import SenderRole
from shared.bus.relay import Relay
from shared.bus.roles import IDLE_PAUSE, Step
from shared.clock import SystemClock
from shared.process import LONGEST_PAUSE, LONGEST_REST, WakeUp, work


class Stop(threading.Event):
    """Notes how long a role would have paused, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(round(timeout or 0.0, 6))
        return self.is_set()


class Woken(WakeUp):
    """Tells what each rest ends by: True is a notification, False its own end."""

    def __init__(self, ends: Iterator[bool], stop: Stop) -> None:
        super().__init__()
        self._ends, self._stop = ends, stop

    def wait(self, since: int) -> bool:
        end = next(self._ends, None)
        if end is None:
            self._stop.set()
        return bool(end)


class Role:
    name = "some role"

    def __init__(self, *found: int) -> None:
        self._found = iter(found)

    def step(self, now: datetime) -> int:
        return next(self._found, 0)


class Sender(Role):
    rests_at_most = SenderRole.rests_at_most


class EndsAfter(Stop):
    """A role's alone, which ends after so many pauses."""

    def __init__(self, pauses: int) -> None:
        super().__init__()
        self._most = pauses

    def wait(self, timeout: float | None = None) -> bool:
        super().wait(timeout)
        if len(self.pauses) == self._most:
            self.set()
        return self.is_set()


def pauses_alone(role: Step, times: int) -> list[float]:
    stop = EndsAfter(times)
    work(role, SystemClock(), stop)
    return stop.pauses


def pauses(role: Role, *ends: bool) -> list[float]:
    stop = Stop()
    work(role, SystemClock(), stop, Woken(iter(ends), stop))
    return stop.pauses


def test_who_is_woken_for_nothing_looks_less_and_less_often_up_to_a_limit() -> None:
    found = pauses(Role(), *[True] * 20)
    assert found[:4] == [round(IDLE_PAUSE * times, 6) for times in (1, 2, 3, 4)]
    assert found[10:] == [LONGEST_PAUSE] * 11


def test_a_rest_that_nobody_ended_begins_anew() -> None:
    assert pauses(Role(), True, True, False, True) == [
        round(IDLE_PAUSE * times, 6) for times in (1, 2, 3, 1, 2)
    ]  # the pause after the rest is the shortest again


def test_who_found_something_looks_at_once_and_begins_anew() -> None:
    assert pauses(Role(0, 0, 5, 0), True, True, True) == [round(IDLE_PAUSE * times, 6) for times in (1, 2, 1, 2)]


def test_alone_in_its_process_a_role_looks_once_a_second_in_the_end() -> None:
    found = pauses_alone(Role(), 30)
    assert found[:4] == [round(IDLE_PAUSE * times, 6) for times in (1, 2, 3, 4)]
    assert found[20:] == [LONGEST_REST] * 10


def test_alone_it_begins_anew_once_it_found_something() -> None:
    assert pauses_alone(Role(0, 0, 0, 7, 0, 0), 5) == [round(IDLE_PAUSE * times, 6) for times in (1, 2, 3, 1, 2)]


def test_what_a_message_waits_for_looks_as_often_after_an_hour() -> None:
    assert pauses_alone(Sender(), 30) == [SenderRole.rests_at_most] * 30
    assert Relay.rests_at_most == SenderRole.rests_at_most == IDLE_PAUSE
