"""The pure rules: when the next step is due, over gaps and doubled hours, weekdays and branches."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from services.campaigns.rules.document import journey_of
from services.campaigns.rules.planning import plan
from services.campaigns.shipped import shipped
from services.campaigns.steps.wait import Wait, after_wait
from services.campaigns.steps.wait_until import WaitUntil, next_hour
from tests.campaigns.cast import BERLIN, LISBON, NEW_YORK, instant


@pytest.mark.parametrize(
    ("hour", "zone", "start", "due"),
    [
        ("10:00", LISBON, "2016-05-01 08:59", "2016-05-01 09:00"),
        ("10:00", LISBON, "2016-05-01 09:00", "2016-05-01 09:00"),
        ("10:00", LISBON, "2016-05-01 09:01", "2016-05-02 09:00"),
        ("10:00", NEW_YORK, "2016-05-01 02:00", "2016-05-01 14:00"),  # 30 April there, in the evening
        ("02:30", BERLIN, "2016-03-26 23:30", "2016-03-27 01:00"),  # does not exist that day: moves forward
        ("02:30", BERLIN, "2016-10-29 22:30", "2016-10-30 00:30"),  # exists twice: the first
        ("02:30", BERLIN, "2016-10-30 00:45", "2016-10-31 01:30"),  # never the second
    ],
)
def test_the_next_local_hour(hour: str, zone: str, start: str, due: str) -> None:
    step = WaitUntil("k", time.fromisoformat(hour), frozenset(), strictly_after=False)
    assert next_hour(step, instant(start), zone) == instant(due)


@pytest.mark.parametrize(
    ("weekdays", "start", "due"),
    [
        ({1}, "2016-05-03 09:00", "2016-05-03 09:00"),  # a Tuesday
        ({1}, "2016-05-03 09:01", "2016-05-10 09:00"),
        ({0, 4}, "2016-05-03 09:00", "2016-05-06 09:00"),
    ],
)
def test_the_next_weekday(weekdays: set[int], start: str, due: str) -> None:
    step = WaitUntil("k", time(10), frozenset(weekdays), strictly_after=False)
    assert next_hour(step, instant(start), LISBON) == instant(due)


@pytest.mark.parametrize(
    ("days", "hours", "start", "due"),
    [
        (14, 0, "2016-03-20 06:00", "2016-04-02 22:00"),  # the fourteenth day begins, in summer time
        (0, 24, "2016-03-26 12:00", "2016-03-27 12:00"),  # counted to the second
        (1, 3, "2016-03-26 12:00", "2016-03-27 02:00"),
    ],
)
def test_days_are_calendar_days_and_hours_are_hours(days: int, hours: int, start: str, due: str) -> None:
    assert after_wait(Wait("k", days, timedelta(hours=hours)), instant(start), BERLIN) == instant(due)


@pytest.mark.parametrize(
    ("cause", "due"),
    [
        ("time", "2016-05-30 08:00"),
        ("stay.cancelled", "2016-06-13 08:00"),
        ("stay.no_show", "2016-06-13 08:00"),
        ("guest.changed", "2016-05-30 08:00"),
    ],
)
def test_a_run_of_waits_and_known_branches_makes_one_timer(cause: str, due: str) -> None:
    journey = journey_of(shipped("win-back"))
    planned = plan(journey, 0, instant("2016-05-29 22:00"), BERLIN, {"cause": cause})
    assert planned.place == journey.places["invitation"]
    assert planned.due == instant(due)


def test_a_document_that_has_run_out_plans_nothing() -> None:
    journey = journey_of(shipped("birthday"))
    assert plan(journey, len(journey.steps), instant("2016-05-29 22:00"), BERLIN, {}).place is None
