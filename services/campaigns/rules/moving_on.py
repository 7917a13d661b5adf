"""A guest goes on in another journey: under which occurrence, and whether at all."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.rules.advance import Due
from services.campaigns.rules.entries import Entrance, Live
from services.campaigns.steps.jump import NOT_RUNNING, ROUND

CAME_BY = "came_by"  # the journeys by which an enrolment came, the first one first
JUMP = "jump"


def refused(due: Due, into: str, live: Live | None) -> str | None:
    """Why the guest does not go on there; None where they do. Journeys that lead into one another end."""
    if into == due.journey or into in due.data.get(CAME_BY, ()):
        return ROUND
    return NOT_RUNNING if live is None else None


def by_jump(live: Live, due: Due, now: datetime) -> Entrance:
    """Once for each occasion on which they come."""
    return Entrance(
        live=live,
        guest_id=due.guest_id,
        occurrence=f"{JUMP}:{due.journey} {due.occurrence}",
        plan=due.plan,
        at=now,
        start=now,
        zone=due.zone,
        property=due.property,
        stay_id=due.stay_id,
        data={**due.data, CAME_BY: [*due.data.get(CAME_BY, ()), due.journey]},
    )
