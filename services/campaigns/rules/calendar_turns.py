"""When the next day of a calendar comes to its hour somewhere, and who enters by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.campaigns.rules.entries import Entrance, Live
from services.campaigns.steps.calendars import days_after
from services.campaigns.steps.entries import CalendarEntry, Occurrence
from shared.localtime import local_date

Turned = tuple[date, datetime]


def first_turn(entry: CalendarEntry, zone: str, since: datetime, known: Sequence[date]) -> Turned | None:
    """The first day whose hour is not past there."""
    day = local_date(since, zone) - timedelta(days=entry.offset_days + 2)
    turns = ((one, entry.instant(one, zone)) for one in days_after(entry.calendar, day, known))
    return next((turn for turn in turns if turn[1] >= since), None)


def following(entry: CalendarEntry, zone: str, day: date, known: Sequence[date]) -> Turned | None:
    """The one after that day: none is left out, however late it is."""
    after = next(days_after(entry.calendar, day, known), None)
    return (after, entry.instant(after, zone)) if after else None


def by_calendar(
    live: Live,
    guest_id: UUID,
    zone: str,
    day: date,
    at: datetime,
    start: datetime | None = None,
    more: Mapping[str, Any] | None = None,
) -> Entrance:
    """The entrance of somebody who is in the audience as the day comes. `start`: when the first step is due, where not
    at once; `more`: of what is kept of it."""
    return Entrance(
        live=live,
        guest_id=guest_id,
        occurrence=f"{Occurrence.CALENDAR}:{day.isoformat()}",
        plan=1,
        at=at,
        start=start or at,
        zone=zone,
        property=None,
        stay_id=None,
        data={"cause": Occurrence.CALENDAR.value, "day": day.isoformat(), **(more or {})},
    )
