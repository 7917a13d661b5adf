"""A broadcast: one message to whoever is in a segment on a day, or again every week or month.

It is a journey by the calendar, so that checks, rehearsal, taking back and results are those of journeys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.campaigns.steps.calendars import Once, calendar_of, days_after
from services.campaigns.steps.fields import WEEKDAYS
from services.campaigns.steps.kind import Document

PRIORITY = 50  # before journeys nobody asked for today, behind what a guest's own day brings
BOOKED_WITHIN = 30  # days
WAYS = (("a", "first"), ("b", "second"))


class Repeat(StrEnum):
    ONCE = "once"
    WEEKLY = "weekly"  # on the weekday of its first day
    MONTHLY = "monthly"  # on the day of the month of its first day


class Pace(StrEnum):
    TOGETHER = "together"  # all of a time zone with its hour
    SPREAD = "spread"  # so many an hour, one after the other
    OWN = "own"  # each at the hour at which they usually read, where it is known


@dataclass(frozen=True)
class Broadcast:
    """`second`: a template that half of the guests get instead. `hotel`: by its hour; None: by that of where each guest
    is. `an_hour`: of one that is spread, how many guests."""

    audience: str
    left_out: tuple[str, ...]
    template: str
    second: str | None
    channels: tuple[str, ...]
    day: date
    hour: str
    hotel: str | None
    repeat: Repeat
    holdout: int
    pace: Pace = Pace.TOGETHER
    an_hour: int | None = None


def begins_with(repeat: Repeat, day: date, today: date) -> bool:
    """Whether one that repeats can begin on that day: it begins on its next one."""
    if repeat is Repeat.ONCE:
        return True
    return day >= today and (day - today).days < (7 if repeat is Repeat.WEEKLY else 28)


def document_of(key: str, name: str, one: Broadcast) -> Document:
    return {
        "key": key,
        "name": name,
        "purpose": "marketing",
        "priority": PRIORITY,
        "holdout": one.holdout,
        "goal": {"event": "stay.booked", "within_days": BOOKED_WITHIN},
        "entry": {
            "audience": one.audience,
            "calendar": _calendar(one),
            "hour": one.hour,
            **({"hotel": one.hotel} if one.hotel else {}),
            **({"left_out": list(one.left_out)} if one.left_out else {}),
            **({"an_hour": one.an_hour} if one.pace is Pace.SPREAD else {}),
            **({"own_hour": True} if one.pace is Pace.OWN else {}),
        },
        "steps": _steps(one),
    }


def _calendar(one: Broadcast) -> Document:
    if one.repeat is Repeat.WEEKLY:
        return {"weekly": [WEEKDAYS[one.day.weekday()]]}
    return {"monthly": {"day": one.day.day}} if one.repeat is Repeat.MONTHLY else {"once": one.day.isoformat()}


def _steps(one: Broadcast) -> list[Document]:
    if one.second is None:
        return [_send("first", one, one.template)]
    ways = [{"name": name, "weight": 50, "to": to} for name, to in WAYS]
    return [
        {"key": "halves", "split": {"ways": ways}},
        _send("first", one, one.template),
        {"key": "done", "exit": {"reason": "sent"}},
        _send("second", one, one.second),
    ]


def _send(key: str, one: Broadcast, template: str) -> Document:
    return {"key": key, "send": {"template": template, "channels": list(one.channels), "useful_for": {"days": 1}}}


def broadcast_of(document: Document, from_day: date) -> Broadcast:
    """As it was written. One that repeats names no first day: its next one is told, from `from_day` on."""
    entry, sends = document["entry"], [step["send"] for step in document["steps"] if "send" in step]
    (rule,) = entry["calendar"]
    return Broadcast(
        audience=entry["audience"],
        left_out=tuple(entry.get("left_out", ())),
        template=sends[0]["template"],
        second=sends[1]["template"] if len(sends) > 1 else None,
        channels=tuple(sends[0]["channels"]),
        day=_day(entry["calendar"], from_day),
        hour=entry["hour"],
        hotel=entry.get("hotel"),
        repeat=Repeat(rule),
        holdout=document["holdout"],
        pace=Pace.SPREAD if "an_hour" in entry else Pace.OWN if entry.get("own_hour") else Pace.TOGETHER,
        an_hour=entry.get("an_hour"),
    )


def _day(calendar: Document, from_day: date) -> date:
    rule = calendar_of(calendar)
    if isinstance(rule, Once):
        return rule.day
    return next(days_after(rule, from_day - timedelta(days=1), []))
