"""Cohorts, and what they come to together.

Cohorts are known for as long as they are old, so a plain mean over those that are old enough falls where an old one
leaves who came back more often: of who had come again by then that is no answer. It is estimated as Kaplan and Meier
(1958) do: of the guests who had not come again before a period and whom one could see through it, how many did in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Cell:
    """`came`: guests who came in a period; `back`: who had come again by its end; `until`: where it ends."""

    came: int
    back: int
    until: date


@dataclass(frozen=True)
class Cohort:
    """Guests whose first visit was in a period. `cells`: of the same period and each later one until today."""

    first: date
    guests: int
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Mean:
    """A share of the guests of cohorts whose period is over; `seen`: how many of them it could be seen of."""

    share: float
    seen: int


def back_together(cohorts: Sequence[Cohort], today: date) -> list[Mean]:
    """Who had come again by the end of the same period, of the next, and so on: never less than before."""
    found: list[Mean] = []
    away = 1.0
    while over := _over(cohorts, len(found), today):
        place = len(found)
        left = sum(one.guests - (one.cells[place - 1].back if place else 0) for one in over)
        again = sum(one.cells[place].back - (one.cells[place - 1].back if place else 0) for one in over)
        away *= 1 - again / left if left else 1
        found.append(Mean(1 - away, left))
    return found


def came_together(cohorts: Sequence[Cohort], today: date) -> list[Mean]:
    """Who came in the period after the first one, in the next, and so on."""
    found: list[Mean] = []
    while over := _over(cohorts, len(found) + 1, today):
        guests = sum(one.guests for one in over)
        found.append(Mean(sum(one.cells[len(found) + 1].came for one in over) / guests, guests))
    return found


def _over(cohorts: Sequence[Cohort], place: int, today: date) -> list[Cohort]:
    return [one for one in cohorts if len(one.cells) > place and one.cells[place].until <= today]
