"""Days as files write them. The order of day and month is never guessed: what reads both ways is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ,].*)?")
DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:[T ,].*)?")  # the day stands first everywhere
EITHER = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{1,2})\s*[/-]\s*(\d{4})(?:[T ,].*)?")
DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})(?:[T ,].*)?", re.IGNORECASE)
MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[T ,].*)?", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DayOrder(StrEnum):
    DAY_FIRST = "day"
    MONTH_FIRST = "month"


def orders_that_fit(texts: Iterable[str]) -> tuple[DayOrder, ...]:
    """None where no day depends on it."""
    found = [match for text in texts if (match := EITHER.fullmatch(text.strip()))]
    if not found:
        return ()
    both = [DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST]
    fits = [order for order in both if all(_in_order(match, order) for match in found)]
    if len(fits) == 2 and all(match[1] == match[2] for match in found):
        return (DayOrder.DAY_FIRST,)
    return tuple(fits or both)


def day_in(text: str, order: DayOrder | None) -> date | None:
    """`order`: of days that read both ways; without it they are not understood."""
    plain = text.strip().removeprefix("'")
    if found := YEAR_FIRST.fullmatch(plain):
        return _date(found[1], found[2], found[3])
    if found := DOTTED.fullmatch(plain):
        return _date(found[3], found[2], found[1])
    if found := DAY_MONTH.fullmatch(plain):
        return _named(found[3], found[2], found[1])
    if found := MONTH_DAY.fullmatch(plain):
        return _named(found[3], found[1], found[2])
    found = EITHER.fullmatch(plain)
    if found and order:
        return _in_order(found, order)
    try:
        return datetime.fromisoformat(plain).date()
    except ValueError:
        return None


def _in_order(found: re.Match[str], order: DayOrder) -> date | None:
    day, month = (found[1], found[2]) if order is DayOrder.DAY_FIRST else (found[2], found[1])
    return _date(found[3], month, day)


def _named(year: str, month: str, day: str) -> date | None:
    short = month[:3].lower()
    return _date(year, str(MONTHS.index(short) + 1), day) if short in MONTHS else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
