"""On which day a birthday is kept."""

from __future__ import annotations

from datetime import date, timedelta


def birthday_on(birth: date, year: int) -> date:
    """The birthday in that year: 29 February falls on 28 February in common years."""
    if (birth.month, birth.day) == (2, 29) and not is_leap(year):
        return date(year, 2, 28)
    return date(year, birth.month, birth.day)


def next_birthday(birth: date, today: date) -> date:
    """The next birthday, today included."""
    this_year = birthday_on(birth, today.year)
    return this_year if this_year >= today else birthday_on(birth, today.year + 1)


def next_anniversary(first: date, today: date) -> date:
    """The next anniversary, today included; the day itself is none."""
    return next_birthday(first, max(today, first + timedelta(days=1)))


def birthdays_kept_on(day: date) -> tuple[int, ...]:
    """The birthdays (month × 100 + day) that fall on a day."""
    if (day.month, day.day) == (2, 28) and not is_leap(day.year):
        return (228, 229)
    return (day.month * 100 + day.day,)


def is_leap(year: int) -> bool:
    return (date(year, 3, 1) - timedelta(days=1)).day == 29


def is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)
