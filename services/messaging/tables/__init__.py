"""Data by country that ships with the product, each with its source and date: hours for text messages, zones."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files


def zones_of(country: str) -> tuple[str, ...]:
    """A country's zones, as the zone tables of `tzdata` list them; none for a country they do not know."""
    return _zones().get(country, ())


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country].append(zone)
    return {country: tuple(zones) for country, zones in found.items()}
