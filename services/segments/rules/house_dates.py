"""Dates of the house's own on a guest: the wedding day, a day of incorporation, the end of a membership."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.segments.rules.written.dates import Order, read_date
from services.segments.rules.written.import_problems import RejectReason
from shared.events.segments.guests import OwnDate
from shared.rows import row

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_KEY, LONGEST_NAME = 40, 60
FIRST_DAY, LAST_DAY = date(1900, 1, 2), date(2199, 12, 31)
"""1 January 1900 stands in files for no day at all."""


@row
class HouseDate:
    """`key`: how files, programs and rules name it. `yearly`: it comes again every year; `lunar`: and does so by the
    lunar calendar. `property`: the hotel whose it is; None, the whole house's.
    """

    key: str
    name: str
    yearly: bool
    property: str | None
    lunar: bool = False


def own_date(key: str, day: date, yearly: bool, lunar_md: int | None) -> OwnDate:
    """As it is published. `lunar_md`: month × 100 + day, of one that comes again by the lunar calendar."""
    lunar = None if lunar_md is None else f"{lunar_md // 100:02}-{lunar_md % 100:02}"
    return OwnDate(key=key, day=day, yearly=yearly, lunar=lunar)


def is_key(text: str) -> bool:
    return bool(KEY.fullmatch(text)) and len(text) <= LONGEST_KEY


def is_sensible(day: date) -> bool:
    return FIRST_DAY <= day <= LAST_DAY


def read_own_day(text: str, order: Order) -> date:
    """Raises ValueError, also where it stands for no day at all."""
    day = read_date(text, order)
    if not is_sensible(day):
        raise ValueError(RejectReason.NOT_A_DATE)
    return day


def stated(values: dict[str, Any], keys: Mapping[str, str]) -> tuple[str, ...] | None:
    """Takes the days out of the values of a row: a key and a day each. `keys`: by field."""
    found = [(key, values.pop(field, None)) for field, key in keys.items()]
    return tuple(f"{key} {day.isoformat()}" for key, day in found if day) or None


def told(text: str) -> tuple[str, date]:
    """The key and the day that `stated` made a text of."""
    key, _, day = text.partition(" ")
    return key, date.fromisoformat(day)
