"""How much more often some guests are lost than all, and whether that could be chance.

Lift is the share of the lost among the guests with a value over the share among all. Those with the value are part of
all, so its logarithm varies less than Katz' (1978) ratio of two groups that have nothing in common: by the delta method
its error is Katz' error of the value against everybody else, times the part of the lost who are without the value.
Whoever looks at many values finds one in twenty that stands out by chance alone: the interval allows for as many as are
looked at together (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

FEWEST = 30
FEWEST_LOST = 5
CHANCE = 0.05


@dataclass(frozen=True)
class Counted:
    """`lost` of `guests`."""

    guests: int
    lost: int


@dataclass(frozen=True)
class Lift:
    """1.5: half as often again as all. The true one lies between `low` and `high` in 95 of 100 looks at all values."""

    value: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        return self.low > 1 or self.high < 1


def lift_of(some: Counted, everybody: Counted, looked_at: int) -> Lift | None:
    """None where there are too few to tell: guests with the value or without it, lost or not. `looked_at`: how many
    values are judged together."""
    others = Counted(everybody.guests - some.guests, everybody.lost - some.lost)
    if min(some.guests, others.guests) < FEWEST or min(some.lost, others.lost) < FEWEST_LOST:
        return None
    value = (some.lost / some.guests) / (everybody.lost / everybody.guests)
    katz = sqrt(_part(some) + _part(others))
    error = NormalDist().inv_cdf(1 - CHANCE / max(looked_at, 1) / 2) * katz * others.lost / everybody.lost
    return Lift(value, exp(log(value) - error), exp(log(value) + error))


def _part(one: Counted) -> float:
    return 1 / one.lost - 1 / one.guests
