"""A control chart: is the newest value what the ones before it would let one expect?

Individuals and moving ranges (Shewhart; NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2), with the median of
the moving ranges times 3.145 in place of their mean (Wheeler and Chambers, 1992): one wild week in the past then does
not widen the limits for half a year. A share or a rate of few also swings by mere counting; where three standard errors
of that are wider, they are the limit (Laney's p′ and u′ charts, 2002, join the two sources of chance likewise).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import median

MEDIAN_RANGES = 3.145
ERRORS = 3
FEWEST_POINTS = 8
"""Of fewer nobody knows what is usual."""


@dataclass(frozen=True)
class Point:
    """`part` over `whole`, in the units of the figure. `spread`: the variance of one of the whole, where it is known;
    None: that of a count. `told`: the number that people are told, where `part` is how it differs from another."""

    part: float
    whole: float
    spread: float | None = None
    told: float | None = None

    @property
    def value(self) -> float:
        return self.part / self.whole


@dataclass(frozen=True)
class Judged:
    """`border`: beyond which the value is more than chance, on the side that is watched."""

    value: float
    centre: float
    border: float
    is_outside: bool


def judged(before: Sequence[Point], now: Point, *, rises: bool, fewest: float) -> Judged | None:
    """`before`: in order of time. `rises`: whether more is worse, else less. `fewest`: of a smaller whole nothing is
    told. None where it is not known what is usual."""
    usual = [one for one in before if one.whole >= fewest]
    if len(usual) < FEWEST_POINTS or now.whole < fewest:
        return None
    centre = sum(one.part for one in usual) / sum(one.whole for one in usual)
    ranges = [abs(one.value - other.value) for one, other in pairwise(usual)]
    spreads = [one.spread * one.whole for one in usual if one.spread is not None]
    spread = sum(spreads) / sum(one.whole for one in usual) if spreads else abs(centre)
    width = max(MEDIAN_RANGES * median(ranges), ERRORS * sqrt(spread / now.whole))
    border = centre + width if rises else centre - width
    return Judged(now.value, centre, border, now.value > border if rises else now.value < border)
