"""A guest objects by a reply."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import OptoutRequested
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope


def object_to(
    tx: Tx,
    ref: str,
    channel: Channel,
    point: str,
    guest_id: UUID | None,
    scope: OptOutScope,
    *,
    source: str,
    at: datetime,
) -> UUID:
    """Publishes optout.requested for the contact point and every guest on it; messaging keeps the ledger."""
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
