"""Days as other tools and sites write them. A notation that reads two ways is settled by the whole column, or asked: of
an objection an older date closes less, since what the guest agreed to after it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from shared.month_names import month_named
from shared.vocabulary.term import N_, Term

TIME = r"(?:[T ,]+\d{1,2}:.*)?"
YEAR_FIRST = re.compile(rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*日?{TIME}")
DOTTED = re.compile(rf"(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?(\d{{4}}){TIME}")  # the day stands first everywhere
NAME, JOIN = r"([^\W\d_]{3,10})", r"[\s-]+(?:del?\s+|of\s+)?"
DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th|er|º|°)?\.?{JOIN}{NAME}\.?,?{JOIN}(\d{{4}}){TIME}", re.IGNORECASE)
MONTH_DAY = re.compile(rf"{NAME}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){TIME}", re.IGNORECASE)
TWO_WAYS = re.compile(rf"(\d{{1,2}})\s*([-/])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}){TIME}")


class DayOrder(Term):
    """How a date such as 3/4/2026 is read."""

    DAY_FIRST = "dmy", N_("the day stands first")
    MONTH_FIRST = "mdy", N_("the month stands first")
    TODAY = "today", N_("not at all: those objections count from today on")


READ_AS = (DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST)


@dataclass(frozen=True)
class ReadDates:
    """`order`: what the column says of itself; None where both orders fit, or the rows contradict one another, with an
    example by each answer in `asked`. Both None: no date needs it."""

    order: DayOrder | None = None
    asked: Mapping[str, str] | None = None


def instant(text: str, order: DayOrder | None = None) -> datetime | None:
    """None for what is no date, and for one that reads two ways where nothing says which."""
    try:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        pass
    if year_first := YEAR_FIRST.fullmatch(text):
        return _day(*year_first.groups())
    if dotted := DOTTED.fullmatch(text):
        return _day(*dotted.groups()[::-1])
    if named := DAY_MONTH.fullmatch(text):
        return _named(named[3], named[2], named[1])
    if named := MONTH_DAY.fullmatch(text):
        return _named(named[3], named[1], named[2])
    if order in (None, DayOrder.TODAY) or not (either := TWO_WAYS.fullmatch(text)):
        return None
    first, _, second, year = either.groups()
    return _day(year, second, first) if order is DayOrder.DAY_FIRST else _day(year, first, second)


def day_in(text: str, order: DayOrder | None = None) -> date | None:
    """The same as a day, also where a spreadsheet was told with an apostrophe that it is text."""
    found = instant(text.strip().removeprefix("'"), order)
    return found.date() if found else None


def is_date(text: str) -> bool:
    return any(instant(text, order) for order in READ_AS)


def settle(texts: Iterable[str]) -> ReadDates:
    """How a column's dates are read, by all of them."""
    fits = dict.fromkeys(READ_AS, True)
    example, reads_the_same = None, False
    for text in texts:
        read = {order: instant(text, order) for order in fits} if TWO_WAYS.fullmatch(text) else {}
        if not any(read.values()):
            continue
        if len(set(read.values())) == 1:  # the third of March
            reads_the_same = True
            continue
        fits = {order: fits[order] and found is not None for order, found in read.items()}
        if example is None or all(read.values()):
            example = text
    if example is None:
        return ReadDates(order=DayOrder.DAY_FIRST if reads_the_same else None)
    left = [order for order, is_left in fits.items() if is_left]
    if len(left) == 1:
        return ReadDates(order=left[0])
    shown = {str(order): _shown(example, order) for order in (*fits, DayOrder.TODAY)}
    return ReadDates(asked=shown)


def _shown(text: str, order: DayOrder) -> str:
    found = instant(text, order)
    return f"{text} = {found.date()}" if found else text


def _named(year: str, month: str, day: str) -> datetime | None:
    number = month_named(month)
    return _day(year, str(number), day) if number else None


def _day(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
