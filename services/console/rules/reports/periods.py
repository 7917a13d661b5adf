"""When a report of a week or a month goes, and of which days it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shared.localtime import local_date, local_instant
from shared.vocabulary.term import N_, Term
from shared.vocabulary.window import ONE_DAY, Span, Window, days_between, window_of

WEEK = timedelta(days=7)


class ReportKind(Term):
    WEEK = "week", N_("Weekly")
    MONTH = "month", N_("Monthly")

    @property
    def useful_for(self) -> timedelta:
        """A report that could not go for so long is not sent any more."""
        return {ReportKind.WEEK: timedelta(days=3), ReportKind.MONTH: timedelta(days=7)}[self]


@dataclass(frozen=True)
class Hours:
    """`weekday`: 1 is Monday; `monthday`: 1 to 28; `hour`: of the hotel's clock."""

    weekday: int = 1
    monthday: int = 2
    hour: int = 7


def window_at(kind: ReportKind, today: date) -> Window:
    """The last week, Monday to Sunday, or month that is over."""
    if kind is ReportKind.MONTH:
        return window_of(Span.MONTH, window_of(Span.MONTH, today).before)
    monday = today - timedelta(days=today.weekday())
    return days_between(monday - WEEK, monday - ONE_DAY)


def window_from(kind: ReportKind, first: date) -> Window:
    """The one that begins on that day."""
    return window_of(Span.MONTH, first) if kind is ReportKind.MONTH else days_between(first, first + WEEK - ONE_DAY)


def next_send(kind: ReportKind, hours: Hours, zone: str, after: datetime) -> datetime:
    """The first instant after `after` that is the day and hour, by the zone's clock."""
    day = local_date(after, zone)
    while not _is_day(kind, hours, day) or local_instant(day, time(hours.hour), zone) <= after:
        day += ONE_DAY
    return local_instant(day, time(hours.hour), zone)


def _is_day(kind: ReportKind, hours: Hours, day: date) -> bool:
    return day.day == hours.monthday if kind is ReportKind.MONTH else day.isoweekday() == hours.weekday
