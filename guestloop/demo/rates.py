"""Rates of exchange of the group's two currencies, a month each: invented, so that no page claims a market's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from guestloop.demo.rows import AHEAD
from services.segments.rules.money.rates import Rate

USUAL = Decimal("7.80")  # yuan for one euro
STEPS = (0, 3, 5, 4, 1, -2, -4, -5, -3, -1, 2, 1)  # fen away from it, month by month


def make_rates(first: date, today: date) -> Iterator[Rate]:
    """From the month of the first day to the last stay's."""
    month = first.replace(day=1)
    while month <= today + AHEAD:
        rate = USUAL + Decimal(STEPS[month.month - 1]).scaleb(-2)
        yield Rate("EUR", "CNY", month, rate, "demo")
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
