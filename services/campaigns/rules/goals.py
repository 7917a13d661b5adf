"""What a journey is for: what a guest does within so many days after a message of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.campaigns.steps.kind import Document

BOOKED, STAYED, ANSWERED, CLICKED = "stay.booked", "stay.checked_out", "survey.answered", "message.clicked"
CHIEF = ""
"""As goals that are reached are kept, the one that the journey is for."""
CONDITIONS = ("spent_from", "currency", "score_from", "score_to")


@dataclass(frozen=True)
class Goal:
    """A guest books, stays, uses an offer, answers or clicks within so many days of a message of the journey.

    `spent_from`: what the stays that ended within these days came to, in `currency`. `score_from`, `score_to`: of an
    answer. `ends`: the journey is over for whoever reaches it; else it only counts. `chief`: what the journey is for,
    by which ways of a split are compared; the others count beside it.
    """

    event: str
    within: timedelta
    spent_from: int | None = None
    currency: str | None = None
    score_from: int | None = None
    score_to: int | None = None
    ends: bool = False
    chief: bool = True

    @property
    def kept_as(self) -> str:
        return CHIEF if self.chief else name_of(vars(self))


def goal_of(document: Document, *, chief: bool) -> Goal:
    conditions = {name: document[name] for name in CONDITIONS if name in document}
    within = timedelta(days=document["within_days"])
    return Goal(document["event"], within, **conditions, ends=bool(document.get("ends")), chief=chief)


def name_of(goal: Mapping[str, object]) -> str:
    """By which a goal is the same one in every version, whatever its days: by what has to happen."""
    told = (goal["event"], *(f"{name}={goal[name]}" for name in CONDITIONS if goal.get(name) is not None))
    return " ".join(map(str, told))
