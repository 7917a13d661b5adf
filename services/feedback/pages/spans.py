"""Spans of time as a hotel counts them: whole days and months of its own calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import request

from shared.access.people import Hotel
from shared.localtime import local_date, local_instant

DAYS, USUAL_DAYS = (30, 90, 365), 90
MONTHS_SHOWN = 12
Window = tuple[datetime, datetime]


def days_asked_for() -> int:
    """How many days back the page is asked to look."""
    text = request.args.get("days", "")
    return int(text) if text.isdecimal() and int(text) in DAYS else USUAL_DAYS


def last_days(hotel: Hotel, now: datetime, days: int) -> tuple[date, date]:
    """The first and the last calendar day of the last so many, today included."""
    today = local_date(now, hotel.zone)
    return today - timedelta(days=days - 1), today


def window(hotel: Hotel, now: datetime, days: int) -> Window:
    return between(hotel, *last_days(hotel, now, days))


def between(hotel: Hotel, first: date, last: date) -> Window:
    """From the beginning of the first day to the end of the last."""
    return _start(first, hotel), _start(last + timedelta(days=1), hotel)


def months(hotel: Hotel, now: datetime) -> list[date]:
    """The first days of the last twelve months, this one included, in order."""
    number = _number(local_date(now, hotel.zone))
    return [_first(number - back) for back in reversed(range(MONTHS_SHOWN))]


def _start(day: date, hotel: Hotel) -> datetime:
    return local_instant(day, time(0), hotel.zone)


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
