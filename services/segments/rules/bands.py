"""Bands that numbers fall into, each known by the least that is in it."""

from __future__ import annotations

from collections.abc import Mapping

BANDS: Mapping[str, tuple[int, ...]] = {
    "age": (0, 18, 25, 35, 45, 55, 65),
    "nights": (0, 1, 2, 3, 5, 8),
    "lead": (0, 2, 8, 31, 91),
    "visits": (1, 2, 3, 5, 10),
}


def band_sql(name: str, number: str) -> str:
    """The band of an SQL expression, as text; empty where it is not known or below all of them."""
    least = f"array[{', '.join(map(str, BANDS[name]))}]"
    return f"coalesce(({least})[width_bucket({number}, {least})]::text, '')"


def limits(name: str, value: str) -> tuple[int, int | None]:
    """The least and the most of a band; None: it has no end."""
    least = BANDS[name]
    place = least.index(int(value))
    return least[place], least[place + 1] - 1 if place + 1 < len(least) else None
