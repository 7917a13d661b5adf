"""In which order a column writes day, month and year: settled from all its rows, and asked where two orders fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from services.segments.rules.import_problems import FileProblem, RejectReason
from shared.errors import InputError

NUMBERS = re.compile(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})(?:[T ]\d{1,2}:\d{2}.*)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
STRAYS = 100  # one row in so many may stand the wrong way round without putting the others in doubt


class Order(StrEnum):
    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


def read_date(text: str, order: Order) -> date:
    """The date a cell writes in that order. Raises ValueError."""
    found = COMPACT.fullmatch(text)
    numbers = found.groups() if found else _numbers(text)
    if len(numbers[0]) == 4:
        if order is not Order.YMD:
            raise ValueError(RejectReason.YEAR_FIRST)
        return date(int(numbers[0]), int(numbers[1]), int(numbers[2]))
    if order is Order.YMD or len(numbers[2]) != 4:
        raise ValueError(RejectReason.OTHER_DATE)
    day, month = (numbers[0], numbers[1]) if order is Order.DMY else (numbers[1], numbers[0])
    return date(int(numbers[2]), int(month), int(day))


def settle_order(column: str, texts: Mapping[str, int], asked: Order | None = None) -> Order:
    """The one order in which the column's dates make sense. `texts`: how many rows say what.

    Raises `InputError` where day and month could stand either way round: that is asked, not guessed.
    """
    if asked is not None:
        return asked
    year_first = day_first = month_first = either = 0
    for text, rows in texts.items():
        dmy, mdy = _fits(text, Order.DMY), _fits(text, Order.MDY)
        year_first += rows * _fits(text, Order.YMD)
        either += rows * (dmy and mdy)
        day_first += rows * (dmy and not mdy)
        month_first += rows * (mdy and not dmy)
    if year_first >= day_first + month_first + either:
        return Order.YMD
    if min(day_first, month_first) * STRAYS >= max(day_first, month_first):
        raise InputError(_question(column, day_first, month_first), code=FileProblem.DATE_ORDER)
    return Order.DMY if day_first > month_first else Order.MDY


def _question(column: str, day_first: int, month_first: int) -> str:
    why = "the rows contradict one another" if day_first or month_first else "every row fits both"
    return (
        f"the dates in «{column}» may be day/month or month/day ({why}); "
        f"say which with --dates {column}=dmy or --dates {column}=mdy"
    )


def _numbers(text: str) -> tuple[str, ...]:
    if found := NUMBERS.fullmatch(text):
        return found[1], found[3], found[4]
    raise ValueError(RejectReason.NOT_A_DATE)


def _fits(text: str, order: Order) -> bool:
    try:
        read_date(text, order)
    except ValueError:
        return False
    return True
