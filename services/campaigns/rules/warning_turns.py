"""Who enters by a warning."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.campaigns.rules.entries import Entrance, Live
from services.campaigns.steps.entries import Occurrence

WARNED = "warning.raised"


def by_warning(
    live: Live, guest_id: UUID, zone: str, warning_id: UUID, signal: str, hotel: str, raised_at: datetime, at: datetime
) -> Entrance:
    """The entrance of somebody whom a warning of a hotel finds in the audience; once for each warning."""
    return Entrance(
        live=live,
        guest_id=guest_id,
        occurrence=f"{Occurrence.WARNING}:{warning_id}",
        plan=1,
        at=at,
        start=at,
        zone=zone,
        property=hotel,
        stay_id=None,
        data={"cause": WARNED, "signal": signal, "raised": raised_at.isoformat()},
    )
