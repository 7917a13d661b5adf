"""Days that come by the calendar: one day, weekdays, a day of each month, festivals, public holidays, the house's own.

Which days festivals and holidays fall on stands in a table; here they are given. Every rule names its next day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marshmallow import ValidationError, validate, validates_schema
from marshmallow import fields as marsh

from services.campaigns.steps.fields import WEEKDAYS, OneOf, Strict, Whole, exactly_one, wrong
from services.campaigns.steps.kind import Document
from shared.errors import Problem
from shared.whole_text import WholeText

FESTIVALS = (
    *("spring-festival", "lunar-new-years-eve", "lantern-festival", "dragon-boat", "qixi", "mid-autumn"),
    *("double-ninth", "laba"),
)
LAST = 5  # of the weekdays of a month
LONGEST_NAME = 60
LOOKED_AHEAD = 800  # days in which every rule that has a next day has one


@dataclass(frozen=True)
class Once:
    day: date

    def falls_on(self, day: date) -> bool:
        return day == self.day


@dataclass(frozen=True)
class Weekly:
    weekdays: frozenset[int]  # Monday is 0

    def falls_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays


@dataclass(frozen=True)
class Monthly:
    """The day of that number, the last one where a month is shorter; or the n-th of a weekday (`LAST`: the last)."""

    number: int | None
    nth: int | None
    weekday: int | None

    def falls_on(self, day: date) -> bool:
        last = monthrange(day.year, day.month)[1]
        if self.number is not None:
            return day.day == min(self.number, last)
        if day.weekday() != self.weekday:
            return False
        return day.day + 7 > last if self.nth == LAST else (day.day + 6) // 7 == self.nth


@dataclass(frozen=True)
class Named:
    """Days that stand in the table under `key`; those of one name where one is chosen."""

    key: str
    name: str | None


Calendar = Once | Weekly | Monthly | Named
RULES = ("once", "weekly", "monthly", "festival", "holiday", "own")


def calendar_of(document: Document) -> Calendar:
    (rule,) = document
    value = document[rule]
    if rule == "once":
        return Once(date.fromisoformat(value))
    if rule == "weekly":
        return Weekly(frozenset(WEEKDAYS.index(day) for day in value))
    if rule == "monthly":
        weekday = value.get("weekday")
        return Monthly(value.get("day"), value.get("nth"), WEEKDAYS.index(weekday) if weekday else None)
    if rule == "festival":
        return Named(f"festival:{value}", None)
    if rule == "holiday":
        return Named(f"holiday:{value['country']}", value.get("name"))
    return Named("own", value)


def days_after(calendar: Calendar, day: date, known: Sequence[date]) -> Iterator[date]:
    """The days that come after this one, in order. `known`: all days of a calendar that stands in the table."""
    if isinstance(calendar, Named):
        yield from (one for one in sorted(known) if one > day)
    elif isinstance(calendar, Once):
        yield from (calendar.day,) if calendar.day > day else ()
    else:
        ahead = (day + timedelta(days=number) for number in range(1, LOOKED_AHEAD))
        yield from (one for one in ahead if calendar.falls_on(one))


class MonthlySchema(Strict):
    day = Whole(1, 31)
    nth = Whole(1, LAST)
    weekday = OneOf(WEEKDAYS)

    @validates_schema
    def one_way(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.keys() not in ({"day"}, {"nth", "weekday"}):
            raise wrong("not_one_day", "a day of the month, or nth and weekday", "day")


class HolidaySchema(Strict):
    country = marsh.String(required=True, validate=WholeText("^[A-Z]{2}$", error="two capital letters, such as PT"))
    name = marsh.String(validate=validate.Length(1, 100))


def _a_day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError([Problem("a day is written 2027-02-06", "not_a_day")]) from error


class CalendarSchema(Strict):
    once = marsh.String(validate=_a_day)
    weekly = marsh.List(OneOf(WEEKDAYS), validate=validate.Length(min=1))
    monthly = marsh.Nested(MonthlySchema)
    festival = OneOf(FESTIVALS)
    holiday = marsh.Nested(HolidaySchema)
    own = marsh.String(validate=validate.Length(1, LONGEST_NAME))

    @validates_schema
    def one_rule(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        exactly_one(data, RULES, "a calendar")
