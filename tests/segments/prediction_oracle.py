"""What must be predicted of each guest, worked out one by one and plainly from raw stays, by the published formulas.

It shares no line with what it checks but the parameters that were fitted.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scipy.special import hyp2f1

from tests.segments.audience_people import Stayed


@dataclass(frozen=True)
class Foreseen:
    alive: float | None
    visits: float
    worth: float | None
    month: int | None
    hotel: str


def foresee(stays: Iterable[Stayed], as_of: date, parameters: Mapping[str, Any]) -> dict[str, Foreseen]:
    by_guest: dict[str, list[Stayed]] = defaultdict(list)
    for stay in stays:
        if stay.status == "checked_out" and not stay.muted and stay.arrival < as_of:
            by_guest[stay.guest].append(stay)
    visits = {guest: begun(theirs) for guest, theirs in by_guest.items()}
    group = Counter(day.month for days in visits.values() for day in days)
    is_enough = sum(group.values()) >= 60 and (as_of - min(min(days) for days in visits.values())).days >= 365
    found = {}
    for guest, theirs in by_guest.items():
        days = visits[guest]
        alive, to_come = bg_nbd(days, as_of, **parameters["visits"])
        known = [float(one.reported) for one in theirs if one.reported is not None]
        worth = None
        if known:
            mean = max(sum(known) / len(known) * len(theirs) / len(days), 0)
            worth = to_come * gamma_gamma(len(days), mean, **parameters["spend"])
        last = max(theirs, key=lambda one: (one.arrival, one.id))
        rate = (
            365
            * (parameters["visits"]["r"] + len(days) - 1)
            / (parameters["visits"]["alpha"] + (as_of - min(days)).days)
        )
        month = likely_month(days, group, rate, as_of) if is_enough and len(days) > 1 else None
        found[guest] = Foreseen(alive if len(days) > 1 else None, to_come, worth, month, last.house)
    return found


def begun(stays: Iterable[Stayed]) -> list[date]:
    """The arrivals of visits: a stay that touches one before it in the same hotel goes on with it."""
    days, left = [], dict[str, date]()
    for stay in sorted(stays, key=lambda one: (one.arrival, one.departure)):
        if stay.arrival > left.get(stay.house, date.min):
            days.append(stay.arrival)
        left[stay.house] = max(left.get(stay.house, date.min), stay.departure)
    return days


def bg_nbd(days: list[date], as_of: date, r: float, alpha: float, a: float, b: float) -> tuple[float, float]:
    x, last, age, ahead = len(days) - 1, (max(days) - min(days)).days, (as_of - min(days)).days, 365
    odds = (a / (b + x - 1)) * ((alpha + age) / (alpha + last)) ** (r + x) if x else 0.0
    series = hyp2f1(r + x, b + x, a + b + x - 1, ahead / (alpha + age + ahead))
    grown = 1 - ((alpha + age) / (alpha + age + ahead)) ** (r + x) * series
    return 1 / (1 + odds), (a + b + x - 1) / (a - 1) * grown / (1 + odds)


def gamma_gamma(visits: int, mean: float, p: float, q: float, v: float) -> float:
    return p * (v + visits * mean) / (p * visits + q - 1)


def likely_month(days: list[date], group: Counter[int], rate: float, as_of: date) -> int | None:
    own = Counter(day.month for day in days)
    total, first = sum(group.values()), (as_of + timedelta(days=15)).month
    falls, still_out = {}, 1.0
    for step in range(12):
        month = (first - 1 + step) % 12 + 1
        share = (own[month] + 4 * group[month] / total) / (len(days) + 4)
        falls[month] = still_out * (1 - math.exp(-rate * share))
        still_out -= falls[month]
    best = max(falls, key=lambda month: falls[month])
    return best if falls[best] / sum(falls.values()) >= 1 / 6 else None
