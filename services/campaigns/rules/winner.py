"""Which way of a split brings more goals, judged so that one may look every day.

Each way counts the guests who took it at least `days` ago, and of them those who reached the journey's goal within
`days`: every guest has had the same time, and what is counted once stays counted. Guests of the control group are
left out, and a guest counts once, however often they came.

Two ways are compared by the difference of their rates d, with its variance
V = p₁(1−p₁)/n₁ + p₂(1−p₂)/n₂, where p = (goals + ½)/(guests + 1), so that a way without any goal is not taken for
certain. Looking again and again until something shows would find a difference by chance alone. So the interval is
that of the mixture sequential test (Robbins 1970; Johari, Pekelis, Walsh 2015), which holds at all looks together:

    d ± √( 2·V·(V+τ²)/τ² · ( ln(1/α) + ½·ln((V+τ²)/V) ) ),   τ = 0.03

τ is how large differences between ways of a hotel's journeys usually are: it decides how quickly something is seen,
not how often it is wrong. α is 5 per cent, shared by all pairs of ways. A way wins once its interval against every
other lies above zero, each way has 100 guests and the two have 20 goals together; below that the normal curve is no
guide, and nothing is said but «too few to tell».
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import comb, log, sqrt

from shared.rows import row

ALPHA = 0.05
USUAL_DIFFERENCE = 0.03  # τ
FEWEST_GUESTS = 100  # of each way
FEWEST_GOALS = 20  # of two ways together


class Standing(StrEnum):
    TOO_FEW = "too_few"
    NO_DIFFERENCE = "no_difference"
    WON = "won"


@row
class WayCount:
    way: str
    guests: int
    goals: int

    @property
    def rate(self) -> float:
        return self.goals / self.guests if self.guests else 0.0


@row
class Verdict:
    """`best` has the greatest rate. `low` and `high`: its lead over the next best one, None while there are too few."""

    standing: Standing
    best: str | None
    low: float | None = None
    high: float | None = None


def judge(counts: Sequence[WayCount]) -> Verdict:
    """The order of the ways decides between equal ones."""
    if len(counts) < 2 or any(one.guests < FEWEST_GUESTS for one in counts):
        return Verdict(Standing.TOO_FEW, None)
    best, *others = sorted(counts, key=lambda one: -one.rate)
    if any(best.goals + one.goals < FEWEST_GOALS for one in others):
        return Verdict(Standing.TOO_FEW, None)
    alpha = ALPHA / comb(len(counts), 2)
    leads = [lead(best, one, alpha) for one in others]
    low, high = min(leads)
    return Verdict(Standing.WON if low > 0 else Standing.NO_DIFFERENCE, best.way, low, high)


def lead(best: WayCount, other: WayCount, alpha: float) -> tuple[float, float]:
    """By how much the first rate is greater, from and to."""
    variance = _variance(best) + _variance(other)
    prior = USUAL_DIFFERENCE**2
    half = sqrt(2 * variance * (variance + prior) / prior * (log(1 / alpha) + log((variance + prior) / variance) / 2))
    difference = best.rate - other.rate
    return difference - half, difference + half


def _variance(one: WayCount) -> float:
    rate = (one.goals + 0.5) / (one.guests + 1)
    return rate * (1 - rate) / one.guests
