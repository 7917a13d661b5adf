"""What changed between two periods, and what most of it comes from: by the figures alone, and never more than they say.

A count moved where chance would not have moved it so in 370 periods; that is how far control charts let it go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from services.console.rules.figures.definitions import Unit
from services.console.rules.figures.figures import LEAST_TO_TELL, Figure

BORDER = 3.0
"""Standard deviations."""


class Place(StrEnum):
    """By what a change is told apart. Of guests: whether they had stayed before. Not by today's class: whoever came in
    the period is in a higher class for it, so that classes would always explain everything."""

    HOTEL = "hotel"
    CHANNEL = "channel"
    MARKET = "market"
    GUESTS = "guests"


@dataclass(frozen=True)
class Count:
    """Stays that ended in the period, in the one before and a year before."""

    now: int
    previous: int
    year: int


@dataclass(frozen=True)
class Contribution:
    """`value`: the code of a hotel, a channel or market as sources name it (empty: none is known), «new» or «known».
    `now`, `then`: stays, of `Place.GUESTS` guests."""

    place: Place
    value: str
    now: int
    then: int

    @property
    def change(self) -> int:
        return self.now - self.then

    @property
    def is_more_than_chance(self) -> bool:
        return moved(self.now, self.then)


@dataclass(frozen=True)
class Moved:
    """A figure that moved by more than chance. `is_good`: None where neither way is better."""

    now: Figure
    then: Figure
    deviations: float

    @property
    def is_good(self) -> bool | None:
        rises = self.now.definition.rises
        return None if rises is None else rises == (self.deviations > 0)


def moved(now: int, then: int) -> bool:
    """Of counts of what happens one by one."""
    return abs(now - then) > BORDER * sqrt(now + then)


def can_tell(count: int) -> bool:
    return count >= LEAST_TO_TELL


def largest(contributions: Iterable[Contribution], change: int) -> Contribution | None:
    """The one that goes furthest the way of the whole change, of any way where it is nought; None where there is none.
    A place with a single value explains nothing."""
    known = list(contributions)
    values = {place: sum(one.place is place for one in known) for place in Place}
    there = [one for one in known if values[one.place] > 1 and one.change and one.change * change >= 0]
    order = list(Place)
    return min(there, key=lambda one: (-abs(one.change), order.index(one.place), one.value), default=None)


def furthest(pairs: Sequence[tuple[Figure, Figure]]) -> Moved | None:
    """Of figures that are a share or a score the one that chance explains least; None where it explains all."""
    found = [Moved(now, then, far) for now, then in pairs if (far := deviations(now, then)) is not None]
    outside = [one for one in found if abs(one.deviations) > BORDER]
    return max(outside, key=lambda one: abs(one.deviations), default=None)


def deviations(now: Figure, then: Figure) -> float | None:
    """By how many standard deviations a share or a score differs; None where it is neither, or of too few to tell."""
    if now.value is None or then.value is None or not (now.is_firm and then.is_firm) or not now.whole or not then.whole:
        return None
    each = 1 / now.whole + 1 / then.whole
    if now.definition.unit is Unit.SCORE:
        return float(now.value - then.value) / sqrt(each)  # the most that answers of −1, 0 and 1 can vary
    if now.definition.unit is not Unit.SHARE or now.part is None or then.part is None:
        return None
    together = float(now.part + then.part) / (now.whole + then.whole)
    varies = together * (1 - together) * each
    return float(now.value - then.value) / sqrt(varies) if varies > 0 else 0.0
