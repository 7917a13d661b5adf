"""A date as a cell writes it: by numbers in an order that its column settles, or plain, with the name of its month."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

from services.segments.rules.written.import_problems import RejectReason
from shared.month_names import month_named

CLOCK = r"(?:[T ,]+(?P<clock>\d{1,2}[:h]\d{2}.*))?"
NUMBERS = re.compile(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})\.?" + CLOCK)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})" + CLOCK)
CHINESE = re.compile(
    r"(\d{4}|\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?\s*(?:[(（]?(?:星期|周|週)?[一二三四五六日天][)）]?)?\s*"
    r"(?P<clock>\d{1,2}[:时時點点].*)?"
)
JOIN = r"(?:[\s./-]|\bde\b|\bdel\b|\bof\b)*"
DAY_NAMED = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th|er|º|°|\.)?{JOIN}([^\W\d_]{{3,}})\.?{JOIN}(\d{{4}}|\d{{2}}){CLOCK}")
NAMED_DAY = re.compile(rf"([^\W\d_]{{3,}})\.?{JOIN}(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){CLOCK}")
YEAR_NAMED = re.compile(rf"(\d{{4}}){JOIN}([^\W\d_]{{3,}})\.?{JOIN}(\d{{1,2}}){CLOCK}")
WEEKDAY = re.compile(r"([^\W\d_]{2,10})\.?,?\s+(?=\d|[^\W\d_]{3,}\.?\s*\d)")
SERIAL = re.compile(r"([1-7]\d{4})(?:[.,](\d+))?")
OFFSET = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?\s*(Z|UTC|GMT|([+-])(\d{2}):?(\d{2})?)", re.IGNORECASE
)
SERIAL_ZERO = date(1899, 12, 30)
PIVOT = 70  # two-digit years from it on are of the last century
BUDDHIST = range(2400, 2700)  # years that no stay or birth has yet, and that Thai systems write
LONGEST = 60


class Order(StrEnum):
    """How a column writes its dates. SERIAL: as spreadsheets count, in days since the end of 1899."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"
    SERIAL = "serial"


class ShortBirth(date):
    """A birth date whose year has two digits: its century is settled by what it must lie before."""


def read_date(text: str, order: Order) -> date:
    """The date a cell writes in that order, as it stands there. Raises ValueError."""
    return _read(text, order)[0]


def read_moment(text: str, order: Order) -> date | datetime:
    """The same; where the cell gives hour and offset, that instant. Raises ValueError."""
    day, clock = _read(text, order)
    found = OFFSET.fullmatch(clock.strip()) if clock else None
    if found is None:
        return day
    hour, minute, second, parts, _, sign, hours, minutes = found.groups()
    shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    at = time(int(hour), int(minute), int(second or 0), int((parts or "0").ljust(6, "0")))
    return datetime.combine(day, at, timezone(shift) if shift else UTC)


def read_birth(text: str, order: Order) -> date:
    """A birth date; one with a year of two digits is a `ShortBirth`. Raises ValueError."""
    day = read_date(text, order)
    return ShortBirth(day.year, day.month, day.day) if _is_short(text) else day


def born_before(birth: date, before: date) -> date | None:
    """The birth date, which lies before that day: a year of two digits is the last one that does. None where none
    does."""
    if not isinstance(birth, ShortBirth):
        return birth if birth < before else None
    for century in (2000, 1900):
        try:
            found = date(century + birth.year % 100, birth.month, birth.day)
        except ValueError:  # 29 February
            continue
        if found < before:
            return found
    return None


def numbers_of(text: str) -> tuple[str, str, str, str] | None:
    """The three numbers of a date written by numbers, and what separates them; None for all other texts."""
    found = NUMBERS.fullmatch(text[:LONGEST])
    return (found[1], found[3], found[4], found[2]) if found else None


def is_serial(text: str) -> bool:
    return SERIAL.fullmatch(text) is not None


def _read(text: str, order: Order) -> tuple[date, str | None]:
    text = text[:LONGEST]
    if order is Order.SERIAL and (serial := SERIAL.fullmatch(text)):
        return SERIAL_ZERO + timedelta(days=int(serial[1])), None
    if found := NUMBERS.fullmatch(text):
        return _by_order((found[1], found[3], found[4]), order), found["clock"]
    if found := COMPACT.fullmatch(text):
        return _by_order((found[1], found[2], found[3]), order), found["clock"]
    if plain := _plain(text):
        return plain
    weekday = WEEKDAY.match(text)
    if weekday and month_named(weekday[1]) is None:
        return _read(text[weekday.end() :], order)
    raise ValueError(RejectReason.NOT_A_DATE)


def _by_order(numbers: tuple[str, str, str], order: Order) -> date:
    first, second, third = numbers
    if any(len(one) == 4 and int(one) in BUDDHIST for one in (first, third)):
        raise ValueError(RejectReason.OTHER_CALENDAR)
    if len(first) == 4:
        if order not in (Order.YMD, Order.SERIAL):
            raise ValueError(RejectReason.YEAR_FIRST)
        return date(int(first), int(second), int(third))
    if len(first) > 2 or len(third) not in (2, 4) or order is Order.SERIAL:
        raise ValueError(RejectReason.OTHER_DATE)
    if order is Order.YMD:
        if len(third) == 4 or len(first) != 2:
            raise ValueError(RejectReason.OTHER_DATE)
        return date(_year(first), int(second), int(third))
    day, month = (first, second) if order is Order.DMY else (second, first)
    return date(_year(third), int(month), int(day))


def _plain(text: str) -> tuple[date, str | None] | None:
    """A date that can be read in one way only: 2026年3月10日, 10-MAR-26, March 10, 2026."""
    if found := CHINESE.fullmatch(text):
        return date(_year(found[1]), int(found[2]), int(found[3])), found["clock"]
    for shape, year, name, day in ((DAY_NAMED, 3, 2, 1), (NAMED_DAY, 3, 1, 2), (YEAR_NAMED, 1, 2, 3)):
        if (found := shape.fullmatch(text)) and (month := month_named(found[name])):
            return date(_year(found[year]), month, int(found[day])), found["clock"]
    return None


def _is_short(text: str) -> bool:
    if numbers := numbers_of(text):
        return len(numbers[0]) < 4 and len(numbers[2]) < 4
    found = CHINESE.fullmatch(text) or DAY_NAMED.search(text)
    return found is not None and len(found[1] if found.re is CHINESE else found[3]) == 2


def _year(digits: str) -> int:
    if len(digits) == 4:
        if int(digits) in BUDDHIST:
            raise ValueError(RejectReason.OTHER_CALENDAR)
        return int(digits)
    return int(digits) + (2000 if int(digits) < PIVOT else 1900)
