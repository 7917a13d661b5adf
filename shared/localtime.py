"""Calendar days and local hours to instants and back, by Python's own zone tables (pinned `tzdata`).

PostgreSQL carries zone tables of its own, and they differ: SQL receives instants, never zones.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

FIRST_ZONE = "Pacific/Kiritimati"
"""Where a day begins first."""


Day = TypeVar("Day", bound=date)


def months_later(day: Day, months: int) -> Day:
    """The same day so many calendar months later, or earlier where they are below 0; of a month that is shorter, its
    last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local_date(instant: datetime, zone: str) -> date:
    """The calendar day in `zone` at `instant`."""
    return instant.astimezone(zone_named(zone)).date()


def day_at(instant: datetime, zone: str | None) -> date:
    """The day up to which something may have happened: a place's own; where its zone is not known the latest that it is
    anywhere, so that nobody is kept from entering what happened today."""
    return local_date(instant, zone or FIRST_ZONE)


def local_instant(day: date, hour: time, zone: str) -> datetime:
    """The UTC instant of a local hour. One that does not exist moves forward; of one that exists twice, the first."""
    tz = zone_named(zone)
    wall = datetime.combine(day, hour, tzinfo=tz)  # fold=0: the first of two
    instant = wall.astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _end_of_gap(wall.replace(tzinfo=None), tz)


def next_midnight(instant: datetime, zone: str) -> datetime:
    """The instant at which the next calendar day begins in `zone`."""
    return local_instant(local_date(instant, zone) + timedelta(days=1), time(0), zone)


def _end_of_gap(wall: datetime, tz: ZoneInfo) -> datetime:
    """The first instant after a gap that swallows `wall`: with the later offset the wall clock jumps to it."""
    before = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)  # read with the offset after the change: too early
    after = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)  # read with the offset before the change: too late
    while (after - before) > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(tz).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
