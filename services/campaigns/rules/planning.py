"""When the next step that decides something is due: waits are added up, and what is known already is branched on."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from services.campaigns.rules.journey import Branch, DataIn, Journey, Wait, WaitUntil
from shared.localtime import local_date, local_instant
from shared.rows import row


@row
class Planned:
    """`place` is the step to take at `due`; None where no step is left."""

    place: int | None
    due: datetime


def plan(journey: Journey, place: int | None, start: datetime, zone: str, data: dict[str, Any]) -> Planned:
    """From `place` on, where `start` is the instant the step before it was done.

    A run of waits makes one timer: nothing is decided between them. Branches lead forward only, so this ends.
    """
    instant = start
    while place is not None and place < len(journey.steps):
        step = journey.steps[place]
        if isinstance(step, Wait):
            instant = after_wait(step, instant, zone)
            place += 1
        elif isinstance(step, WaitUntil):
            instant = next_hour(step, instant, zone)
            place += 1
        elif isinstance(step, Branch) and isinstance(step.condition, DataIn):
            place = place_after(journey, place, step, holds(step.condition, data))
        else:
            return Planned(place, instant)
    return Planned(None, instant)


def place_after(journey: Journey, place: int, step: Branch, held: bool) -> int:
    target = step.then if held else step.otherwise
    return place + 1 if target is None else journey.places[target]


def holds(condition: DataIn, data: dict[str, Any]) -> bool:
    value = data.get(condition.field)
    return value is not None and str(value) in condition.values


def after_wait(step: Wait, instant: datetime, zone: str) -> datetime:
    if step.days:
        instant = local_instant(local_date(instant, zone) + timedelta(days=step.days), time(0), zone)
    return instant + step.time


def next_hour(step: WaitUntil, instant: datetime, zone: str) -> datetime:
    day = local_date(instant, zone)
    for _ in range(9):  # today has gone by, then each weekday once
        found = local_instant(day, step.hour, zone)
        fits = not step.weekdays or day.weekday() in step.weekdays
        if fits and (found > instant if step.strictly_after else found >= instant):
            return found
        day += timedelta(days=1)
    raise AssertionError("every weekday comes within nine days")
