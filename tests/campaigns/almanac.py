"""Calendars worked out once more, by other means: the first instant of a local hour, days of months, and the lunar
calendar from where sun and moon stand. Nothing here is Guestloop's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from math import floor, radians, sin
from zoneinfo import ZoneInfo

QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
EARTHS_LAG = timedelta(seconds=70)  # of universal behind terrestrial time in these decades
CHINA = timedelta(hours=8)


def first_instant(day: date, hour: time, zone: str) -> datetime:
    """The first quarter of an hour at which clocks there show that hour, or have passed it."""
    wanted, tz = datetime.combine(day, hour), ZoneInfo(zone)
    around = [wanted.replace(tzinfo=UTC) + DAY * days for days in (-1, 0, 1)]
    instant = around[1] - max(one.astimezone(tz).utcoffset() or DAY for one in around) - timedelta(hours=3)
    while instant.astimezone(tz).replace(tzinfo=None) < wanted:
        instant += QUARTER
    return instant


def is_leap(year: int) -> bool:
    return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)


def length_of_month(year: int, month: int) -> int:
    return (31, 29 if is_leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def new_moon(number: int) -> datetime:
    """Meeus, Astronomical Algorithms, chapter 49; number 0 is that of 6 January 2000."""
    t = number / 1236.85
    e = 1 - 0.002516 * t
    sun = radians(2.5534 + 29.10535670 * number)
    moon = radians(201.5643 + 385.81693528 * number + 0.0107582 * t * t)
    node = radians(160.7108 + 390.67050284 * number)
    omega = radians(124.7746 - 1.56375588 * number)
    days = 2451550.09766 + 29.530588861 * number + 0.00015437 * t * t
    days += (
        -0.40720 * sin(moon) + 0.17241 * e * sin(sun) + 0.01608 * sin(2 * moon) + 0.01039 * sin(2 * node)
        + 0.00739 * e * sin(moon - sun) - 0.00514 * e * sin(moon + sun) + 0.00208 * e * e * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * node) - 0.00057 * sin(moon + 2 * node) + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon) + 0.00042 * e * sin(sun + 2 * node) + 0.00038 * e * sin(sun - 2 * node)
        - 0.00024 * e * sin(2 * moon - sun) - 0.00017 * sin(omega)
    )  # fmt: skip
    return J2000 + timedelta(days=days - 2451545) - EARTHS_LAG


def suns_longitude(instant: datetime) -> float:
    """The same, chapter 25; in degrees."""
    t = (instant + EARTHS_LAG - J2000) / (36525 * DAY)
    anomaly = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(anomaly) + 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    seen = -0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))
    return (280.46646 + 36000.76983 * t + centre + seen) % 360


def in_china(instant: datetime) -> date:
    return (instant + CHINA).date()


def midnight_in_china(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=UTC) - CHINA


@cache
def month_begins(number: int) -> date:
    return in_china(new_moon(number))


@cache
def eleventh_month(year: int) -> int:
    """The number of the new moon whose month holds the winter solstice."""
    low, high = (datetime(year, 12, day, tzinfo=UTC) for day in (19, 24))
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if suns_longitude(middle) < 270 else (low, middle)
    solstice, number = in_china(low), floor((year + 0.97 - 2000) * 12.3685) - 2
    while month_begins(number + 1) <= solstice:
        number += 1
    return number


def holds_no_term(number: int) -> bool:
    """Whether the sun enters no sign in the month that begins with this new moon."""
    begin, end = (suns_longitude(midnight_in_china(month_begins(number + ahead))) for ahead in (0, 1))
    return floor(begin / 30) == floor(end / 30)


@cache
def lunar_month(year: int, month: int) -> date:
    """The first day of a month of the lunar year that begins in `year`; never of a leap month."""
    before, after = eleventh_month(year - 1), eleventh_month(year)
    if month >= 11:
        return month_begins(after) if month == 11 else _next_month(after, eleventh_month(year + 1))
    number, reached = before, 11
    leap = after - before == 13
    while reached != month + 12:
        number += 1
        if leap and holds_no_term(number):
            leap = False  # the first of them is the leap one
        else:
            reached += 1
    return month_begins(number)


def _next_month(number: int, end: int) -> date:
    """The twelfth, behind the eleventh and a leap one where there is."""
    return month_begins(number + (2 if end - number == 13 and holds_no_term(number + 1) else 1))


@cache
def month_of(number: int) -> tuple[int, bool]:
    """The month that begins with this new moon: its number, and whether it is a leap one."""
    year = month_begins(number).year
    before = max(one for one in (eleventh_month(year - 1), eleventh_month(year)) if one <= number)
    after = eleventh_month(year + 1) if before == eleventh_month(year) else eleventh_month(year)
    reached, pending, is_leap_one = 11, after - before == 13, False
    for one in range(before + 1, number + 1):
        is_leap_one = pending and holds_no_term(one)
        pending = pending and not is_leap_one
        reached += not is_leap_one
    return (reached - 1) % 12 + 1, is_leap_one


def new_moon_of(day: date) -> int:
    """The number of the new moon with which the month of a day begins."""
    number = floor((day.year + day.timetuple().tm_yday / 366 - 2000) * 12.3685) - 2
    while month_begins(number + 1) <= day:
        number += 1
    return number


def lunar_birthdays(birth: date, first: int, last: int) -> list[date]:
    """In the lunar years from `first` on, before `last`: of a leap month in the month of its number; of a 30th that is
    not there on the 29th."""
    number = new_moon_of(birth)
    month, day = month_of(number)[0], (birth - month_begins(number)).days
    found = []
    for year in range(first, last):
        begins = lunar_month(year, month)
        length = (month_begins(new_moon_of(begins) + 1) - begins).days
        found.append(begins + DAY * min(day, length - 1))
    return found
