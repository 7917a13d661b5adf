"""Local hours to instants: held against a plain search through the zone's own instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.localtime import local_date, local_instant, months_later, next_midnight

ZONES = [
    "Europe/Lisbon",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",  # changed at midnight
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # changes by half an hour
    "Africa/Casablanca",
    "Pacific/Apia",  # left out 30 December 2011
    "Atlantic/Azores",
]
MINUTES = st.integers(0, 24 * 60 - 1)
INSTANTS = st.integers(1_104_537_600, 2_082_758_400).map(lambda second: datetime.fromtimestamp(second, UTC))


def days_of_change(zone: str) -> list[date]:
    """The days on which the zone's clocks were put forward or back."""
    noons = [datetime(2005, 1, 1, 12, tzinfo=ZoneInfo(zone)) + timedelta(days=day) for day in range(31 * 365)]
    return [day.date() for before, day in pairwise(noons) if before.utcoffset() != day.utcoffset()]


CHANGES = st.deferred(lambda: st.sampled_from([(zone, day) for zone in ZONES for day in days_of_change(zone)]))
ANY_DAY = st.tuples(st.sampled_from(ZONES), st.dates(date(2005, 1, 1), date(2035, 12, 31)))


def first_instant_reading_at_least(day: date, hour: time, zone: str) -> datetime:
    """The earliest instant whose wall clock shows the hour or, if none does, the next one it shows after it."""
    wanted = datetime.combine(day, hour)
    start = wanted.replace(tzinfo=UTC) - timedelta(hours=30)
    shown = [start + timedelta(minutes=minute) for minute in range(60 * 60)]
    walls = [instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for instant in shown]
    if wanted in walls:
        return shown[walls.index(wanted)]
    return next(
        after for (before, wall), after in zip(pairwise(walls), shown[1:], strict=True) if before < wanted < wall
    )


@given(CHANGES | ANY_DAY, st.integers(0, 4 * 60) | MINUTES)
def test_an_hour_is_the_first_instant_that_shows_it_or_the_end_of_the_gap(where: tuple[str, date], minute: int) -> None:
    (zone, day), hour = where, time(minute // 60, minute % 60)
    assert local_instant(day, hour, zone) == first_instant_reading_at_least(day, hour, zone)


@pytest.mark.parametrize(
    ("day", "hour", "zone", "expected"),
    [
        # the gap: 01:30 does not exist in Lisbon on that day and moves forward to 02:00
        (date(2016, 3, 27), time(1, 30), "Europe/Lisbon", datetime(2016, 3, 27, 1, 0, tzinfo=UTC)),
        # the double hour: the first of the two
        (date(2016, 10, 30), time(1, 30), "Europe/Lisbon", datetime(2016, 10, 30, 0, 30, tzinfo=UTC)),
        (date(2016, 11, 6), time(1, 0), "America/New_York", datetime(2016, 11, 6, 5, 0, tzinfo=UTC)),
        # midnight itself does not exist
        (date(2016, 10, 16), time(0, 0), "America/Sao_Paulo", datetime(2016, 10, 16, 3, 0, tzinfo=UTC)),
        # half an hour's change
        (date(2016, 10, 2), time(2, 15), "Australia/Lord_Howe", datetime(2016, 10, 1, 15, 30, tzinfo=UTC)),
        # a whole day that does not exist
        (date(2011, 12, 30), time(10, 0), "Pacific/Apia", datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
    ],
)
def test_hours_that_exist_twice_or_not_at_all(day: date, hour: time, zone: str, expected: datetime) -> None:
    assert local_instant(day, hour, zone) == expected


@given(INSTANTS, st.sampled_from(ZONES))
def test_a_day_lasts_until_its_next_midnight(at: datetime, zone: str) -> None:
    midnight = next_midnight(at, zone)
    assert midnight > at
    assert local_date(midnight - timedelta(microseconds=1), zone) == local_date(at, zone)
    assert local_date(midnight, zone) > local_date(at, zone)


@pytest.mark.parametrize(("day", "months", "then"), [
    (date(2016, 1, 31), 1, date(2016, 2, 29)),
    (date(2016, 11, 30), 3, date(2017, 2, 28)),
    (date(2016, 6, 6), 6, date(2016, 12, 6)),
    (date(2016, 7, 15), 6, date(2017, 1, 15)),
    (date(2026, 3, 31), -1, date(2026, 2, 28)),
    (date(2026, 1, 5), -1, date(2025, 12, 5)),
    (date(2024, 2, 29), -12, date(2023, 2, 28)),
    (datetime(2026, 12, 31, 3, tzinfo=UTC), -24, datetime(2024, 12, 31, 3, tzinfo=UTC)),
])  # fmt: skip
def test_months_are_calendar_months_and_a_shorter_one_ends_sooner(day: date, months: int, then: date) -> None:
    assert months_later(day, months) == then
