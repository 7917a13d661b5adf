"""Guests who wait in one version of a journey go on in another: at which step, and when.

Whoever waits in a step that both versions have waits on as they did, to the same instant. Whoever is put at another
step comes to it at the moment of the move. A message, task or tag of a step they have passed is asked for no second
time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.journey import Journey
from services.campaigns.rules.planning import plan
from shared.rows import row

NOT_IN_VERSION = "not-in-the-version"  # why those leave for whom the other version has no step
Chosen = Mapping[str, str | None]
"""By step of the old version, the step of the new one; None: they leave the journey."""


@row
class Standing:
    """A guest who waits, as the move finds them."""

    id: UUID
    step: str
    due_at: datetime
    zone: str
    data: dict[str, Any]
    awaits: str | None
    awaits_since: datetime | None


@dataclass(frozen=True)
class Placed:
    """Where a guest goes on."""

    standing: Standing
    step: str
    due_at: datetime
    awaits: str | None
    awaits_since: datetime | None


def proposed(old: Journey, new: Journey) -> dict[str, str | None]:
    """A step goes to the step of its name, where that is of its kind; else to the first one behind it that both have;
    else they leave."""
    found: dict[str, str | None] = {}
    for place, step in enumerate(old.steps):
        behind = (one for one in old.steps[place:] if _has_alike(new, old, one.key))
        found[step.key] = next((one.key for one in behind), None)
    return found


def _has_alike(new: Journey, old: Journey, key: str) -> bool:
    return key in new.places and new.steps[new.places[key]].kind == old.steps[old.places[key]].kind


def placed(standing: Standing, old: Journey, new: Journey, mapping: Chosen, at: datetime) -> Placed | None:
    """None where they leave: so it is chosen, or nothing is left to do there."""
    to = mapping[standing.step]
    if to is None:
        return None
    same = to == standing.step and _has_alike(new, old, to)
    awaited = new.steps[new.places[to]].awaited
    if same and (standing.awaits is None or standing.awaits in awaited):
        return Placed(standing, to, standing.due_at, standing.awaits, standing.awaits_since)
    planned = plan(new, new.places[to], at, standing.zone, standing.data)
    if planned.place is None:
        return None
    return Placed(standing, new.steps[planned.place].key, planned.due, None, None)
