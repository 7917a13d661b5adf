"""What a journey brought, compared with the guests who were kept out of it.

Two rates are compared by Newcombe's interval of their difference (1998, method 10), which joins Wilson's interval of
each: it holds for small numbers and rates near zero, where the normal curve does not. Beneath `FEWEST` guests a group
or `FEWEST_BOOKED` bookings of both together nothing is said but «too few to tell». It is a look at one moment: whoever
wants to look every day and stop at the first difference takes a split, whose interval allows for it (`winner`).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from shared.rows import row

Z = 1.959964  # 95 per cent
FEWEST = 100
FEWEST_BOOKED = 10


@row
class Group:
    """Guests who were written to, or kept out; of them those who booked."""

    guests: int
    booked: int

    @property
    def rate(self) -> float:
        return self.booked / self.guests if self.guests else 0.0


@row
class Lift:
    """By how much more often guests who were written to booked, as shares (0.02: two percentage points)."""

    difference: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        return self.low > 0 or self.high < 0


def lift(written: Group, control: Group) -> Lift | None:
    """None while there are too few to tell."""
    if min(written.guests, control.guests) < FEWEST or written.booked + control.booked < FEWEST_BOOKED:
        return None
    return _newcombe(written, control)


def _newcombe(written: Group, control: Group) -> Lift:
    low, high = wilson(written)
    control_low, control_high = wilson(control)
    difference = written.rate - control.rate
    below = sqrt((written.rate - low) ** 2 + (control_high - control.rate) ** 2)
    above = sqrt((high - written.rate) ** 2 + (control.rate - control_low) ** 2)
    return Lift(difference, difference - below, difference + above)


def lift_over(groups: Sequence[tuple[Group, Group]]) -> Lift | None:
    """Of several journeys together, those written to against the control group of the same journey each: pooled, a
    journey that keeps many out would stand against one that keeps few. Differences are weighted as Mantel and Haenszel
    do (1959); the interval is Zou and Donner's of a weighted sum (2008), which for one journey is `lift`'s."""
    both = [(written, control) for written, control in groups if written.guests and control.guests]
    guests = [sum(one.guests for one in side) for side in zip(*both, strict=True)] or [0]
    if min(guests) < FEWEST or sum(one.booked for pair in both for one in pair) < FEWEST_BOOKED:
        return None
    weights = [written.guests * control.guests / (written.guests + control.guests) for written, control in both]
    parts = [_newcombe(written, control) for written, control in both]
    shares = [weight / sum(weights) for weight in weights]
    difference = sum(share * one.difference for share, one in zip(shares, parts, strict=True))
    below = sqrt(sum((share * (one.difference - one.low)) ** 2 for share, one in zip(shares, parts, strict=True)))
    above = sqrt(sum((share * (one.high - one.difference)) ** 2 for share, one in zip(shares, parts, strict=True)))
    return Lift(difference, difference - below, difference + above)


def wilson(group: Group) -> tuple[float, float]:
    """Between which shares the true rate lies, in 95 of 100 cases; from 0 to 1 where there is nobody."""
    if not group.guests:
        return 0.0, 1.0
    n, rate = group.guests, group.rate
    middle = (rate + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * sqrt(rate * (1 - rate) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)
