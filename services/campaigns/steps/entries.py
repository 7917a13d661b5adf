"""What lets a guest into a journey: a change of a segment, a recurring date, what becomes of a stay or a date of it, a
sign-up, or what a hotel's own system tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from marshmallow import fields as marsh
from marshmallow import pre_load, validate, validates_schema

from services.campaigns.steps.anchors import OF_GUESTS, OF_STAYS, Anchor, DateName, Offset, OffsetSchema, is_own
from services.campaigns.steps.calendars import Calendar, CalendarSchema, calendar_of
from services.campaigns.steps.event_values import ValueIs, ValueIsSchema
from services.campaigns.steps.fields import Name, OneOf, Whole, wrong
from services.campaigns.steps.kind import Document
from services.campaigns.steps.stay_conditions import StayConditions, StayConditionsSchema
from shared.localtime import local_instant
from shared.vocabulary.guest_event import EVENT_NAME, LONGEST_EVENT_NAME
from shared.vocabulary.stay import StayStatus
from shared.whole_text import WholeText

STANDS_WHILE: Mapping[str, frozenset[str]] = {
    StayStatus.BOOKED: frozenset({StayStatus.BOOKED, StayStatus.CHECKED_IN, StayStatus.CHECKED_OUT}),
    StayStatus.CHECKED_IN: frozenset({StayStatus.CHECKED_IN, StayStatus.CHECKED_OUT}),
    StayStatus.CHECKED_OUT: frozenset({StayStatus.CHECKED_OUT}),
    StayStatus.CANCELLED: frozenset({StayStatus.CANCELLED}),
    StayStatus.NO_SHOW: frozenset({StayStatus.NO_SHOW}),
}
"""By the status an entry wants, those in which a stay has reached it and not lost it again."""


FIRST_OWN_HOUR = time(8)


class Occurrence(StrEnum):
    """What an entry is an occurrence of; a guest is in a journey once for each."""

    BIRTHDAY = "birthday"  # birthday:2017, the year of the birthday itself
    LUNAR_BIRTHDAY = "lunar-birthday"  # lunar-birthday:2017; the second in one year of ours: lunar-birthday:2017-12-28
    FIRST_STAY = "first-stay"  # first-stay:2017, the year of the anniversary
    OWN = "own"  # own:KEY:2017, the year; of a date that comes once own:KEY:2017-03-01, the day itself
    LAPSE = "lapse"  # lapse:RESERVATION, the last stay before the silence
    STAY = "stay"  # stay:RESERVATION
    SIGNUP = "signup"  # signup:FORM, once for each form
    CALENDAR = "calendar"  # calendar:2027-02-06, the day itself
    EVENT = "event"  # event:ID, once for each event of a hotel's own system
    ENTRY = "entry"  # entry:N, each change of the audience by itself


@dataclass(frozen=True)
class AudienceEntry:
    """A guest enters (or leaves) an audience."""

    audience: str
    entered: bool
    occurrence: Occurrence


class LeapDay(StrEnum):
    """When what falls on 29 February is kept in other years."""

    FEBRUARY = "28-february"
    MARCH = "1-march"


@dataclass(frozen=True)
class DateEntry:
    """A recurring date comes near: guests enter a private audience on the local day `offset_days` from the date, or on
    the day itself where they are counted after it.

    `derived`: the audience is made for journeys; else somebody named one, which has to be of those days. `offset`: of
    one of the house's own dates, days or hours from it at an hour; then `offset_days` are the days by which it begins
    before the date at most.
    """

    date: str
    audience: str
    offset_days: int
    leap_day: LeapDay
    derived: bool
    offset: Offset | None = None

    @property
    def is_own(self) -> bool:
        """One of the house's own dates: who is in the audience is so until the day, and leaves it when it moves."""
        return self.offset is not None

    @property
    def days_ahead(self) -> int:
        return max(-self.offset_days, 0)


def start_of(entry: DateEntry, day: date, zone: str) -> datetime:
    """From where the steps are counted: the instant itself, or the day's beginning."""
    if entry.offset is not None:
        return entry.offset.instant(day, zone)
    return local_instant(day + timedelta(days=entry.offset_days), time(0), zone)


def _own_date_entry(document: Document) -> DateEntry:
    """Of hours, guests enter as many days before as hold them, and one more: clocks are changed."""
    offset = Offset.of(document)
    begins = offset.hours // 24 - 1 if offset.hours < 0 else offset.days
    audience = f"journeys-{document['date'].replace(':', '-')}-{max(-begins, 0)}"
    leap_day = LeapDay(document.get("leap_day", LeapDay.FEBRUARY))
    return DateEntry(document["date"], audience, begins, leap_day, derived=True, offset=offset)


def _date_entry(document: Document) -> DateEntry:
    if is_own(document["date"]):
        return _own_date_entry(document)
    named, offset = document.get("audience"), document["offset_days"]
    derived = f"journeys-{document['date']}-{max(-offset, 0)}"
    leap_day = LeapDay(document.get("leap_day", LeapDay.FEBRUARY))
    return DateEntry(document["date"], named or derived, offset, leap_day, derived=named is None)


@dataclass(frozen=True)
class StayEntry:
    """A stay reaches a status."""

    status: str


@dataclass(frozen=True)
class StayDateEntry:
    """An instant counted from a stay's arrival or departure comes; in that hotel, or in any; of stays that fit."""

    date: Anchor
    offset: Offset
    hotel: str | None
    stays: StayConditions

    @property
    def stands_for(self) -> frozenset[str]:
        """The statuses of a stay that is still to come to this point."""
        if self.date is Anchor.ARRIVAL and self.offset.is_before:
            return frozenset({StayStatus.BOOKED})
        if self.date is Anchor.ARRIVAL or self.offset.is_before:
            return frozenset({StayStatus.BOOKED, StayStatus.CHECKED_IN})
        return STANDS_WHILE[StayStatus.BOOKED]


@dataclass(frozen=True)
class CalendarEntry:
    """A day of the calendar comes: whoever is in the audience then, and in none of those left out, enters at the local
    hour, `offset_days` from the day; where the guest lives, or in the zone of a hotel. `an_hour`: so many an hour, one
    after the other; `own_hour`: each at the hour at which they use to open links and to answer, where it is known.
    """

    audience: str
    calendar: Calendar
    offset_days: int
    at_hour: time
    hotel: str | None
    left_out: tuple[str, ...]
    an_hour: int | None = None
    own_hour: bool = False

    def instant(self, day: date, zone: str) -> datetime:
        """When the day begins there: with the first hour that may be somebody's own, or with its hour."""
        return self.at(day, min(self.at_hour, FIRST_OWN_HOUR) if self.own_hour else self.at_hour, zone)

    def at(self, day: date, hour: time, zone: str) -> datetime:
        return local_instant(day + timedelta(days=self.offset_days), hour, zone)


@dataclass(frozen=True)
class SignUpEntry:
    """A guest signs up: by the form of that code, or by any; of that hotel, or of any."""

    form: str | None
    hotel: str | None


@dataclass(frozen=True)
class EventEntry:
    """A hotel's own system tells of an event of that name; of that hotel, or of any."""

    event: str
    hotel: str | None
    where: ValueIs | None


MOST_DAYS_BEFORE = 60
MOST_OWN_DAYS_BEFORE = 180  # so that who is so near to a date is so for a part of the year only
MOST_AN_HOUR = 1_000_000
Entry = AudienceEntry | DateEntry | StayEntry | StayDateEntry | CalendarEntry | SignUpEntry | EventEntry
ANY = "any"


def entry_of(document: Document) -> Entry:
    if "stay" in document:
        return StayEntry(document["stay"])
    if "stay_date" in document:
        offset, stays = Offset.of(document), StayConditions.of(document.get("stays") or {})
        return StayDateEntry(Anchor(document["stay_date"]), offset, document.get("hotel"), stays)
    if "calendar" in document:
        return CalendarEntry(
            document["audience"],
            calendar_of(document["calendar"]),
            document["offset_days"],
            time.fromisoformat(document["hour"]),
            document.get("hotel"),
            tuple(document.get("left_out", ())),
            document.get("an_hour"),
            document.get("own_hour", False),
        )
    if "signup" in document:
        return SignUpEntry(None if document["signup"] == ANY else document["signup"], document.get("hotel"))
    if "event" in document:
        where = document.get("where")
        return EventEntry(document["event"], document.get("hotel"), ValueIs.of(where) if where else None)
    if "date" in document:
        return _date_entry(document)
    return AudienceEntry(document["audience"], document["when"] == "entered", Occurrence(document["occurrence"]))


KINDS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"audience", "when", "occurrence"}), frozenset()),
    (frozenset({"date", "offset_days"}), frozenset({"audience", "leap_day"})),
    (frozenset({"date", "days", "hours", "hour"}), frozenset({"leap_day"})),
    (frozenset({"stay"}), frozenset()),
    (frozenset({"stay_date", "days", "hours", "hour"}), frozenset({"hotel", "stays"})),
    (
        frozenset({"audience", "calendar", "offset_days", "hour"}),
        frozenset({"hotel", "left_out", "an_hour", "own_hour"}),
    ),
    (frozenset({"signup"}), frozenset({"hotel"})),
    (frozenset({"event"}), frozenset({"hotel", "where"})),
)
"""Of each kind the fields that it has, and those that it may have."""


class EntrySchema(OffsetSchema):
    audience = Name()
    when = OneOf(("entered", "left"))
    occurrence = OneOf((Occurrence.LAPSE, Occurrence.ENTRY))
    date = DateName(OF_GUESTS)
    offset_days = Whole(-MOST_DAYS_BEFORE, MOST_DAYS_BEFORE)
    leap_day = OneOf(LeapDay)
    stay = OneOf(STANDS_WHILE)
    stay_date = OneOf(OF_STAYS)
    stays = marsh.Nested(StayConditionsSchema)
    calendar = marsh.Nested(CalendarSchema)
    left_out = marsh.List(Name(), validate=validate.Length(1, 20))
    an_hour = Whole(1, MOST_AN_HOUR)
    own_hour = marsh.Boolean()
    signup = Name()
    event = marsh.String(
        validate=[
            validate.Length(max=LONGEST_EVENT_NAME),
            WholeText(f"^{EVENT_NAME}$", error="two words or more with dots between them, such as spa.booked"),
        ]
    )
    where = marsh.Nested(ValueIsSchema)
    hotel = marsh.String(validate=validate.Length(1, 20))

    @pre_load
    def fill(self, data: Any, **kwargs: Any) -> Any:
        if isinstance(data, dict) and "calendar" in data:
            return {"offset_days": 0, **data}
        if isinstance(data, dict) and "audience" in data and "date" not in data:
            return {"when": "entered", "occurrence": Occurrence.ENTRY.value, **data}
        if isinstance(data, dict) and ("stay_date" in data or is_own(str(data.get("date", "")))):
            return {"days": 0, "hours": 0, **data}
        return data

    @validates_schema
    def one_pace(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("own_hour") and "an_hour" in data:
            raise wrong("two_paces", "either so many an hour, or each at their own hour", "an_hour")

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        there = frozenset(data)
        if not any(needed <= there <= needed | more for needed, more in KINDS):
            raise wrong(
                "not_one_kind",
                "an entry is an audience (with when and occurrence), a date with offset_days, "
                "a date of your own with days or hours and an hour, a stay, "
                "a calendar (with an audience and an hour, and perhaps offset_days, a hotel, left_out, an_hour or "
                "own_hour), "
                "a stay_date (arrival or departure, with days or hours and an hour, and perhaps a hotel and stays), "
                "a signup (with a hotel or without), or an event (with a hotel, with where, or without)",
            )
        if "date" in there:
            _check_date(data["date"], data)


def _check_date(date: str, data: dict[str, Any]) -> None:
    """Of the house's own dates 29 February is kept as a birthday is."""
    if is_own(date):
        if "offset_days" in data:
            raise wrong("not_one_kind", "from a date of your own days or hours are counted, with an hour", "date")
        if data["days"] < -MOST_OWN_DAYS_BEFORE:
            raise wrong("too_long_before", f"at most {MOST_OWN_DAYS_BEFORE} days before a date of your own", "days")
    elif "offset_days" not in data:
        raise wrong("not_one_kind", "from this date days are counted, as offset_days", "date")
    elif date != Anchor.BIRTHDAY and {"audience", "leap_day"} & data.keys():
        raise wrong("birthdays_only", "only a birthday names an audience or a leap_day", "date")
