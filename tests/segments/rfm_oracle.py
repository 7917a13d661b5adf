"""RFM worked out guest by guest from raw stays, plainly: it shares no line with what it checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.segments.audience_people import Stayed


@dataclass(frozen=True)
class Borders:
    recent: tuple[int, int]
    frequent: tuple[int, int]
    window: int
    spend: tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Placed:
    bands: tuple[int, int, int]
    hotel: str

    @property
    def code(self) -> str:
        return "".join("H" if band < 3 else "L" for band in self.bands)


def averages(stays: Iterable[Stayed], day: date) -> dict[str, Decimal]:
    """What a stay brought in a year, by hotel."""
    found: dict[str, list[Decimal]] = {}
    for stay in stays:
        if counts(stay) and stay.departure > day - timedelta(days=365) and stay.amount is not None:
            found.setdefault(stay.house, []).append(stay.amount)
    return {hotel: cents(sum(amounts, Decimal(0)) / len(amounts)) for hotel, amounts in found.items()}


def place(stays: Iterable[Stayed], day: date, borders: Borders, means: Mapping[str, Decimal]) -> dict[str, Placed]:
    """Each guest who had stayed by that day."""
    by_guest: dict[str, list[Stayed]] = {}
    for stay in stays:
        if counts(stay) and stay.departure <= day:
            by_guest.setdefault(stay.guest, []).append(stay)
    return {guest: placed(theirs, day, borders, means) for guest, theirs in by_guest.items()}


def placed(stays: list[Stayed], day: date, borders: Borders, means: Mapping[str, Decimal]) -> Placed:
    last = max(stays, key=lambda one: (one.departure, one.reservation))
    days = (day - last.departure).days
    often = sum(one.departure > day - timedelta(days=borders.window) for one in stays)
    alike = [one for one in stays if currency(one) == currency(last) and one.amount is not None]
    mean = cents(sum((one.amount or Decimal(0) for one in alike), Decimal(0)) / len(alike)) if alike else None
    average = means.get(last.house)
    share = (mean / average).quantize(Decimal("0.0001"), ROUND_HALF_UP) if mean is not None and average else None
    recent = 1 if days <= borders.recent[0] else 2 if days <= borders.recent[1] else 3
    frequent = 1 if often >= borders.frequent[0] else 2 if often >= borders.frequent[1] else 3
    spent = 3 if share is None or share < borders.spend[1] else 2 if share < borders.spend[0] else 1
    return Placed((recent, frequent, spent), last.house)


def counts(stay: Stayed) -> bool:
    return stay.status == "checked_out" and not stay.muted


def currency(stay: Stayed) -> str | None:
    return stay.converted.currency if stay.converted else None


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
