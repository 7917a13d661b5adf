"""An instant counted from a date: so many calendar days, or hours, before or after it, at a local hour.

The dates are those of the stay by which an enrolment began, where the hotel is, or the guest's birthday, by either
calendar, the anniversary of their first stay, or one of the house's own dates, where they are. A date has no hour of
its own: hours are counted from the one that is named, «36 hours before 15:00 on the day».
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from marshmallow import fields as marsh
from marshmallow import validates_schema

from services.campaigns.steps.fields import KEY, Strict, Whole, wrong
from services.campaigns.steps.kind import Document
from shared.localtime import local_instant
from shared.whole_text import WholeText

MOST_DAYS, MOST_HOURS = 365, 720


class Anchor(StrEnum):
    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    BIRTHDAY = "birthday"
    LUNAR_BIRTHDAY = "lunar-birthday"
    FIRST_STAY = "first-stay"


OF_STAYS = (Anchor.ARRIVAL, Anchor.DEPARTURE)
OF_GUESTS = (Anchor.BIRTHDAY, Anchor.LUNAR_BIRTHDAY, Anchor.FIRST_STAY)
"""Dates that come again every year. Of a lunar year there may be two in one of ours, or none."""


OWN = "own:"
"""Before the key of one of the house's own dates, such as `own:wedding-day`."""
LONGEST_OWN = 40


def is_own(date: str) -> bool:
    """Whether it is one of the house's own dates."""
    return date.startswith(OWN)


@dataclass(frozen=True)
class Offset:
    """From a date: `days` or `hours`, negative before it; one of the two is 0."""

    days: int
    hours: int
    at_hour: time

    @classmethod
    def of(cls, document: Document, /) -> Offset:
        return cls(document["days"], document["hours"], time.fromisoformat(document["hour"]))

    @property
    def document(self) -> Document:
        return {"days": self.days, "hours": self.hours, "hour": self.hour}

    @property
    def hour(self) -> str:
        return self.at_hour.strftime("%H:%M")

    @property
    def is_before(self) -> bool:
        return self.days < 0 or self.hours < 0

    def instant(self, day: date, zone: str) -> datetime:
        return local_instant(day + timedelta(days=self.days), self.at_hour, zone) + timedelta(hours=self.hours)


def date_in(data: Mapping[str, Any], anchor: str) -> date | None:
    """A date that an enrolment knows."""
    day = data.get(anchor)
    return date.fromisoformat(day) if day else None


class DateName(marsh.String):
    """One of these dates, or one of the house's own."""

    def __init__(self, choices: Iterable[Anchor], **kwargs: Any) -> None:
        names = [str(choice) for choice in choices]
        own = rf"{OWN}(?=.{{1,{LONGEST_OWN}}}$){KEY.pattern}"
        error = f"one of {', '.join(names)}, or {OWN} with the key of a date of your own, expected"
        super().__init__(validate=WholeText(rf"^({'|'.join(names)}|{own})$", error=error), **kwargs)


class OffsetSchema(Strict):
    """The fields of an offset, for the schemas of what is counted from a date."""

    days = Whole(-MOST_DAYS, MOST_DAYS)
    hours = Whole(-MOST_HOURS, MOST_HOURS)
    hour = marsh.String(error_messages={"invalid": 'write the hour in quotes, as in "10:00"'})

    @validates_schema
    def an_offset(self, data: dict[str, Any], **kwargs: Any) -> None:
        if "hour" in data and not is_hour(data["hour"]):
            raise wrong("not_an_hour", 'an hour is written "HH:MM"', "hour")
        if data.get("days") and data.get("hours"):
            raise wrong("days_and_hours", "either days or hours are counted, not both", "days")


def is_hour(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 5
