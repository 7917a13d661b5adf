"""When the next step that decides something is due: what is known already is gone through at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.campaigns.rules.journey import Journey
from shared.rows import row
from shared.vocabulary.reason import Reason


@row
class Planned:
    """`place` is the step to take at `due`; None where no step is left. `refused`: why nothing is done."""

    place: int | None
    due: datetime
    refused: Reason | None = None


def plan(journey: Journey, place: int, start: datetime, zone: str, data: Mapping[str, Any]) -> Planned:
    """From `place` on, where `start` is the instant the step before it was done.

    A run of waits makes one timer: nothing is decided between them. Steps lead forward only, so this ends.
    """
    due = start
    while place < len(journey.steps):
        onward = journey.steps[place].plan(due, zone, data)
        if onward is None:
            return Planned(place, due)
        due, place = onward.at, place_after(journey, place, onward.to)
    return Planned(None, due)


def place_after(journey: Journey, place: int, to: str | None) -> int:
    return place + 1 if to is None else journey.places[to]
