"""Windows of time that figures are counted for: months, quarters and years of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shared.localtime import months_later
from shared.vocabulary.term import N_, Term

ONE_DAY = timedelta(days=1)
A_COURSE = 13
"""Windows that a curve shows: with months, the one of a year ago is among them."""


class Span(Term):
    MONTH = "month", N_("Month")
    QUARTER = "quarter", N_("Quarter")
    YEAR = "year", N_("Year")

    @property
    def months(self) -> int:
        return {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[self]


@dataclass(frozen=True)
class Window:
    """Days from `first` to the day before `until`. `before` is where the window before it begins: that is as long."""

    first: date
    until: date
    before: date

    @property
    def last(self) -> date:
        return self.until - ONE_DAY

    @property
    def months(self) -> list[date]:
        """The first days of the months it is made of, where these are whole ones."""
        first, until = (day.year * 12 + day.month - 1 for day in (self.first, self.until))
        return [first_of(number) for number in range(first, until)]


def days_between(first: date, last: date) -> Window:
    """The days from one to the other, both included; the window before has as many. Raises ValueError for none."""
    until = last + ONE_DAY
    if until <= first:
        raise ValueError("the last day is before the first")
    return Window(first, until, first - (until - first))


def window_of(span: Span, day: date) -> Window:
    """The month, quarter or year that a day is in."""
    number = (day.year * 12 + day.month - 1) // span.months * span.months
    return Window(first_of(number), first_of(number + span.months), first_of(number - span.months))


def span_of(window: Window) -> Span | None:
    """None where it is no month, quarter or year of the calendar."""
    return next((span for span in Span if window_of(span, window.first) == window), None)


def a_year_before(window: Window) -> Window:
    """The same days of the year before; 29 February falls on 28 February."""
    return Window(*(months_later(day, -12) for day in (window.first, window.until, window.before)))


def last_windows(span: Span, day: date, count: int) -> list[Window]:
    """The windows up to the one that a day is in, in order."""
    found = [window_of(span, day)]
    while len(found) < count:
        found.append(window_of(span, found[-1].before))
    return found[::-1]


def first_of(number: int) -> date:
    """`number`: of a month, counted from year 0."""
    return date(number // 12, number % 12 + 1, 1)
