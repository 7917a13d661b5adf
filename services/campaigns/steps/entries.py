"""What lets a guest into a journey: a change of a segment, a recurring date, what becomes of a stay or a date of it, a
sign-up, what a hotel's own system tells, what happens to a guest, or a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from services.campaigns.steps.anchors import Anchor, Offset, is_own
from services.campaigns.steps.calendars import Calendar, calendar_of
from services.campaigns.steps.event_values import ValueIs
from services.campaigns.steps.happening_entry import HappeningEntry, happening_entry
from services.campaigns.steps.kind import Document
from services.campaigns.steps.stay_conditions import StayConditions
from services.campaigns.steps.warning_entry import WarningEntry
from shared.localtime import local_instant
from shared.vocabulary.stay import StayStatus

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
    HAPPENING = "happening"  # happening:survey.answered:ID, once for each answer, case, message, use of an offer, …
    WARNING = "warning"  # warning:ID, once for each warning
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
    """A stay reaches a status; in that hotel, or in any; of stays that fit."""

    status: str
    hotel: str | None = None
    stays: StayConditions = field(default_factory=StayConditions)


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


Entry = (
    AudienceEntry
    | DateEntry
    | StayEntry
    | StayDateEntry
    | CalendarEntry
    | SignUpEntry
    | EventEntry
    | HappeningEntry
    | WarningEntry
)
ANY = "any"


def entry_of(document: Document) -> Entry:
    if "stay" in document:
        return StayEntry(document["stay"], document.get("hotel"), StayConditions.of(document.get("stays") or {}))
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
    if "happening" in document:
        return happening_entry(document)
    if "warning" in document:
        return WarningEntry(tuple(document["warning"]), document["audience"], document.get("hotel"))
    if "date" in document:
        return _date_entry(document)
    return AudienceEntry(document["audience"], document["when"] == "entered", Occurrence(document["occurrence"]))
