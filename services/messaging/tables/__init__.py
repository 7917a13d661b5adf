"""Data by country that ships with the product, each with its source and date: hours for text messages, zones."""

from __future__ import annotations

from collections import defaultdict
from datetime import time
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from services.messaging.rules.facts import Hours


def sms_hours(country: str | None) -> Hours:
    """What a country allows inside our own careful default."""
    default, countries = _hours()
    return countries.get(country or "", default)


def zones_of(country: str) -> tuple[str, ...]:
    """A country's zones, as the zone tables of `tzdata` list them; none for a country they do not know."""
    return _zones().get(country, ())


@cache
def _hours() -> tuple[Hours, dict[str, Hours]]:
    table = yaml.safe_load(files(__package__).joinpath("country_hours.yaml").read_text("utf-8"))
    default = _row(table["default"])
    return default, {country: _row(row).within(default) for country, row in table["countries"].items()}


def _row(row: dict[str, Any]) -> Hours:
    opens, closes = time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"])
    return Hours(opens, closes, frozenset(row["days"]), bool(row["holidays"]))


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country].append(zone)
    return {country: tuple(zones) for country, zones in found.items()}
