"""What a file does not say and somebody said for all its rows: its hotel, its status, the day of its statuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from services.segments.imports.meanings.countries import read_country
from services.segments.imports.meanings.languages import read_language
from services.segments.imports.meanings.statuses import read_status
from shared.errors import InputError, Problem
from shared.localtime import local_date
from shared.vocabulary.file_problem import FileProblem

TODAY = "today"
"""The day on which the file was handed in, where the row's hotel is."""
OTHER_DAYS = {
    "status_date": (TODAY, "departure", "arrival", "booked_on"),
    "booked_on": (TODAY, "arrival"),
}
"""What may stand for a day that the file lacks, beside a day itself: another day of the same row."""
LONGEST_CONSTANT = 100
Today = Callable[[str], date]


def _text(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_CONSTANT:
        raise ValueError(text)
    return text.strip()


CONSTANTS: Mapping[str, Callable[[str], Any]] = {
    "property": _text,
    "status": read_status,
    "status_date": date.fromisoformat,
    "booked_on": date.fromisoformat,
    "channel": _text,
    "market_segment": _text,
    "language": read_language,
    "country": lambda text: read_country(text, 2),
}
"""The fields that may stand for every row, and how each is read. Names, addresses and consents are no such fields."""


@dataclass(frozen=True)
class Constants:
    """`values`: by field, the same in every row. `days`: by field, the day of the row that it is, or `TODAY`."""

    values: Mapping[str, Any]
    days: Mapping[str, str]


def read_constants(given: Mapping[str, str]) -> Constants:
    """Raises `InputError` with the reason by field."""
    if problems := constant_problems(given):
        raise InputError("this cannot stand for every row", problems)
    days = {name: text for name, text in given.items() if text in OTHER_DAYS.get(name, ())}
    return Constants({name: CONSTANTS[name](text) for name, text in given.items() if name not in days}, days)


def constant_problems(given: Mapping[str, str]) -> dict[str, str]:
    """By field why what was said cannot stand in every row."""
    return {name: problem for name, text in given.items() if (problem := _problem(name, text))}


def today_at(zones: Mapping[str, str], at: datetime) -> Today:
    """The day that it is at each hotel; UTC's where the hotel is not known."""

    @lru_cache(maxsize=10_000)
    def today(hotel: str) -> date:
        return local_date(at, zones.get(hotel, "UTC"))

    return today


def _problem(name: str, text: str) -> Problem | None:
    if name not in CONSTANTS:
        return Problem(f"cannot stand for every row; {', '.join(CONSTANTS)} can", FileProblem.NO_CONSTANT)
    if text in OTHER_DAYS.get(name, ()):
        return None
    try:
        CONSTANTS[name](text)
    except (ValueError, KeyError):
        days = f"; say a day as YYYY-MM-DD or one of {', '.join(OTHER_DAYS[name])}" if name in OTHER_DAYS else ""
        return Problem(f"{text!r} is not understood{days}", FileProblem.NO_CONSTANT)
    return None
