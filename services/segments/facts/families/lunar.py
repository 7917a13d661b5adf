"""A birthday, or another date, by the lunar calendar: on the same day of the same lunar month.

Who was born in a leap month keeps it in the month of that number; on the 30th of a month that has 29 days, on the 29th.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

FIRST_YEAR, LAST_YEAR = 1900, 2100
BEGINS = date(1900, 1, 31)


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """`leap`: the second of its number in its year."""

    begins: date
    month: int
    leap: bool
    days: int

    def keeps(self, day: int) -> date:
        """On which day of it the `day` of the month is kept."""
        return self.begins + timedelta(days=min(day, self.days) - 1)


@cache
def lunar_months() -> Sequence[LunarMonth]:
    from borax.calendars.lunardate import LCalendars

    found, begins = [], BEGINS
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month, days, leap in LCalendars.iter_year_month(year):
            found.append(LunarMonth(begins, month, bool(leap), days))
            begins += timedelta(days=days)
    return tuple(found)


@cache
def _begins() -> Sequence[date]:
    return [month.begins for month in lunar_months()]


@cache
def _of_number() -> Mapping[int, Sequence[LunarMonth]]:
    """By their number, those that are no leap months."""
    months = lunar_months()
    return {number: [one for one in months if one.month == number and not one.leap] for number in range(1, 13)}


@cache
def _begins_of_number() -> Mapping[int, Sequence[date]]:
    return {number: [one.begins for one in months] for number, months in _of_number().items()}


def month_of(day: date) -> LunarMonth | None:
    """None where the table does not reach."""
    place = bisect_right(_begins(), day) - 1
    if place < 0:
        return None
    month = lunar_months()[place]
    return month if day < month.begins + timedelta(days=month.days) else None


def lunar_md(birth: date) -> int | None:
    """Month × 100 + day."""
    month = month_of(birth)
    return month.month * 100 + (birth - month.begins).days + 1 if month else None


@lru_cache(maxsize=100_000)
def next_lunar_birthday(birth: date, today: date) -> date | None:
    """The next one, today included; None where the table does not reach."""
    found = lunar_md(birth)
    if found is None:
        return None
    number, day = divmod(found, 100)
    months = _of_number()[number]
    near = max(bisect_right(_begins_of_number()[number], today) - 1, 0)
    return next((kept for month in months[near:] if (kept := month.keeps(day)) >= today), None)


def last_lunar_day(day: date, today: date) -> date:
    """The last day on which a date was kept that has been, today and the day itself included."""
    found = lunar_md(day)
    if found is None:
        return day
    number, day_of_month = divmod(found, 100)
    months = _of_number()[number]
    near = bisect_right(_begins_of_number()[number], today)
    kept = [one for month in months[max(near - 2, 0) : near] if (one := month.keeps(day_of_month)) <= today]
    return max(day, *kept)


def lunar_birthdays_kept_on(day: date) -> tuple[int, ...]:
    """The birthdays (month × 100 + day) that fall on a day."""
    month = month_of(day)
    if month is None or month.leap:
        return ()
    number = (day - month.begins).days + 1
    days = (29, 30) if number == month.days == 29 else (number,)
    return tuple(month.month * 100 + one for one in days)
