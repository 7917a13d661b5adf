"""Where a guest's day turns.

`country_zones.csv` gives every country a reference zone: the first of tzdata's zone.tab, or, where that is far from
most people (Brazil, Canada, Australia, Russia, Ukraine), the zone most of them live in.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("country_zones.csv")


@cache
def country_zones() -> dict[str, str]:
    """Each country (alpha-2) and its reference zone."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["country"]: row["zone"] for row in csv.DictReader(file)}


def home_zone(country: str | None, property_zone: str) -> str:
    """The country's reference zone, or the property's where the country is unknown."""
    return country_zones().get(country or "", property_zone)
