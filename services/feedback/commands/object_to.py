"""A guest objects by a reply."""

from __future__ import annotations

from collections.abc import Sequence
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
    points: Sequence[str],
    guest_id: UUID | None,
    scope: OptOutScope,
    *,
    source: str,
    at: datetime,
) -> UUID:
    """Publishes optout.requested for the contact point and every guest on it; messaging keeps the ledger.

    `points`: what the address is known by under each key of the index, that of the key in use first. The objection is
    published for each of them: nobody here knows under which one a guest will be met.
    """
    first, *others = points
    ids = [make_id("optout", ref), *(make_id("optout", ref, point) for point in others)]
    asked = [
        OptoutRequested(
            optout_id=optout_id,
            version=1,
            channel=channel,
            point=point,
            guest_id=guest_id,
            scope=scope,
            source=source,
            requested_at=at,
        )
        for optout_id, point in zip(ids, (first, *others), strict=True)
    ]
    publish(tx, chunk_of(asked), at=at)
    return ids[0]
