"""Countries, their zones and their public holidays, by tables of the oracle's own."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

PROPERTY_ZONE = "Europe/Lisbon"
PROPERTY_COUNTRY = "PT"

# Where the first zone that zone.tab lists for a country is not the one most of its people live in.
REFERENCE = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "FM": "Pacific/Pohnpei",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}

ALPHA_2 = {pair[:3]: pair[3:] for pair in Path(__file__).with_name("countries.txt").read_text().split()}


@cache
def zones_by_country() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text().splitlines():
        if line and not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            found[country].append(name)
    return {country: tuple(names) for country, names in found.items()}


def home_zone(country: str | None) -> str:
    """The zone of a guest of whom no more is known than the country; the property's where not even that."""
    zones = zones_by_country().get(country or "")
    return REFERENCE.get(country or "", zones[0]) if zones else PROPERTY_ZONE


def all_zones(country: str | None) -> tuple[str, ...]:
    return zones_by_country().get(country or "", (PROPERTY_ZONE,))


@cache
def holidays_of(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_holiday(day: date, country: str | None) -> bool:
    return country is not None and day in holidays_of(country, day.year)


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(instant: datetime, name: str) -> datetime:
    return instant.astimezone(zone(name))


def instant(day: date, hour: time, name: str) -> datetime:
    """The first instant at which the local clock shows at least that hour of that day."""
    wall = datetime.combine(day, hour)
    earlier, later = (wall.replace(tzinfo=zone(name), fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier <= later:  # it exists, once or twice
        return earlier
    minute = later  # the clock jumps over it: walk up to the jump
    while local(minute, name).replace(tzinfo=None) < wall:
        minute += timedelta(minutes=1)
    return minute


def midnight(day: date, name: str) -> datetime:
    return instant(day, time(0), name)
