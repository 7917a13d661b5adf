"""Hours for text messages by country: the table is read and checked here, as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any

from iso3166 import countries_by_alpha2

from services.messaging.rules.channel import Hours
from services.messaging.rules.house import EVERYWHERE_ELSE
from shared.errors import InputError
from shared.plain_yaml import read_yaml


@dataclass(frozen=True)
class Source:
    """Where a row comes from, and when it was read. `is_law`: nobody may allow more than it does."""

    text: str
    read_on: date
    is_law: bool = False


@dataclass(frozen=True)
class CountryHours:
    """`rows` by country, already inside the `bounds`; `default` where there is no row or no country. `sources`: of each
    row by country, and of the default under *."""

    default: Hours
    rows: dict[str, Hours]
    bounds: Hours
    sources: dict[str, Source]

    def of(self, country: str | None) -> Hours:
        return self.rows.get(country or "", self.default)

    def row_of(self, country: str | None) -> str:
        """Which row counts there."""
        return country if country in self.rows else EVERYWHERE_ELSE


@cache
def shipped_hours() -> CountryHours:
    return read_hours(files(__package__).joinpath("country_hours.yaml").read_text("utf-8"))


def read_hours(text: str) -> CountryHours:
    """The table; an `InputError` names each row and field that cannot be used."""
    table = read_yaml(text)
    rows = {"bounds": {"days": list(range(1, 8)), "holidays": True, **table["bounds"]}, "default": table["default"]}
    rows |= table["countries"]
    problems = {f"{name}.{field}": problem for name, row in rows.items() for field, problem in _problems(row).items()}
    problems |= {name: "not an ISO 3166 code" for name in table["countries"] if name not in countries_by_alpha2}
    if problems:
        raise InputError("The table of hours by country cannot be used.", problems)
    bounds = _hours(rows["bounds"])
    return CountryHours(
        _hours(table["default"]).within(bounds),
        {country: _hours(row).within(bounds) for country, row in table["countries"].items()},
        bounds,
        {EVERYWHERE_ELSE: _source(table["default"])} | {code: _source(row) for code, row in table["countries"].items()},
    )


def _source(row: dict[str, Any]) -> Source:
    return Source(row["source"], row["date"], row.get("law", False))


def _hours(row: dict[str, Any]) -> Hours:
    opens, closes = time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"])
    return Hours(opens, closes, frozenset(row["days"]), row["holidays"])


def _problems(row: dict[str, Any]) -> dict[str, str]:
    """By field, what is wrong with it."""
    found = {field: "not a time such as 08:00" for field in ("opens", "closes") if not _is_time(row.get(field))}
    if not found and not row["opens"] < row["closes"]:
        found["opens"] = "not before `closes`"
    days = row.get("days")
    if not isinstance(days, list) or not days or not all(type(day) is int and 1 <= day <= 7 for day in days):
        found["days"] = "not a list of weekdays from 1 to 7"
    if not isinstance(row.get("holidays"), bool):
        found["holidays"] = "neither true nor false"
    if not isinstance(row.get("source"), str) or not row["source"].strip():
        found["source"] = "missing"
    if not isinstance(row.get("date"), date):
        found["date"] = "not a date such as 2026-11-01"
    if not isinstance(row.get("law", False), bool):
        found["law"] = "neither true nor false"
    return found


def _is_time(value: Any) -> bool:
    """Spelt with two digits each, so that two of them compare as text."""
    try:
        return isinstance(value, str) and time.fromisoformat(value).strftime("%H:%M") == value
    except ValueError:
        return False
