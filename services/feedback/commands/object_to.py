"""A guest objects, by a reply or by the way out in a message."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import OptoutRequested
from shared.ids import make_id


def object_to(
    tx: Tx, ref: str, channel: str, point: str, guest_id: UUID | None, scope: str, *, source: str, at: datetime
) -> UUID:
    """Says optout.requested for the contact point, that is for every guest on it; messaging keeps the ledger."""
    optout_id = make_id("optout", ref)
    asked = OptoutRequested(
        optout_id=optout_id,
        version=1,
        channel=channel,
        point=point,
        guest_id=guest_id,
        scope=scope,
        source=source,
        requested_at=at,
    )
    publish(tx, chunk_of([asked]), at=at)
    return optout_id
