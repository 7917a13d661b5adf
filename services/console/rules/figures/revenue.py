"""Revenue of several hotels, by currency: never added across them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.vocabulary.currency_signs import could_be


@dataclass(frozen=True)
class Revenue:
    """`currency`: as stated; empty: the hotel's. `stays`: of which a revenue is known."""

    property: str
    currency: str
    stays: int
    revenue: Decimal


def merged(rows: Sequence[Revenue], hotels: Mapping[str, str]) -> list[Revenue]:
    """Over all hotels, the greatest first. A sign that several currencies share is the hotel's, where it may be."""
    sums: dict[str, tuple[int, Decimal]] = {}
    for one in rows:
        hotel = hotels.get(one.property, "")
        code = hotel if not one.currency or hotel in could_be(one.currency) else one.currency
        stays, revenue = sums.get(code, (0, Decimal(0)))
        sums[code] = stays + one.stays, revenue + one.revenue
    found = [Revenue("", code, stays, revenue) for code, (stays, revenue) in sums.items()]
    return sorted(found, key=lambda one: (-one.revenue, one.currency))
