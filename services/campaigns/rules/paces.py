"""When a guest of a broadcast is written to on its day: with all others, in their turn, or at their own usual hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from services.campaigns.steps.entries import FIRST_OWN_HOUR, CalendarEntry

LAST_HOUR = 20  # after it nobody is written to who has a choice of hours
LEAST_MOMENTS = 3  # links opened and answers given, before somebody has a usual hour
USUAL = "usual"


@dataclass(frozen=True)
class Usual:
    """The hour around which a guest uses to open links and to answer, and how often they did."""

    hour: int
    times: int


def usual_hour(hours: Sequence[int]) -> Usual | None:
    """`hours`: local ones of what the guest did, the newest last. The hour that most of them are no more than one away
    from; of several, the newest. None where too little is known, or they are all at night."""
    awake = [hour for hour in hours if FIRST_OWN_HOUR.hour <= hour <= LAST_HOUR]
    if len(awake) < LEAST_MOMENTS:
        return None
    times = Counter(awake)
    newest = {hour: place for place, hour in enumerate(awake)}
    best = max(newest, key=lambda hour: (times[hour - 1] + times[hour] + times[hour + 1], newest[hour]))
    return Usual(best, times[best - 1] + times[best] + times[best + 1])


def own_start(entry: CalendarEntry, day: date, zone: str, usual: Usual | None) -> datetime:
    """At the guest's own hour; at the broadcast's where it is not known."""
    return entry.at(day, time(usual.hour) if usual else entry.at_hour, zone)


def turn_start(entry: CalendarEntry, day: date, zone: str, place: int) -> datetime:
    """Of the guest at that place, 0 for the first: so many an hour, from the hour until 20:00, then the next day."""
    assert entry.an_hour is not None
    gap = timedelta(hours=1) / entry.an_hour
    days, rest = divmod(place, _a_day(entry))
    return entry.at(day + timedelta(days=days), entry.at_hour, zone) + rest * gap


def hours_needed(entry: CalendarEntry, guests: int) -> float:
    """For so many guests, nights not counted."""
    return guests / entry.an_hour if entry.an_hour else 0.0


def _a_day(entry: CalendarEntry) -> int:
    """How many are written to a day at most."""
    assert entry.an_hour is not None
    begins = entry.at_hour.hour + entry.at_hour.minute / 60
    return max(int(entry.an_hour * max(LAST_HOUR - begins, 1.0)), 1)


def told(usual: Usual | None) -> dict[str, Any]:
    """As an enrolment keeps it."""
    return {USUAL: {"hour": usual.hour, "times": usual.times} if usual else {}}
