"""Somebody says yes by text message, and nothing else: messaging knows whether it has asked for that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import ReplyAffirmed
from shared.ids import make_id
from shared.vocabulary.channel import Channel

LONGEST_PROOF = 60


def affirm(tx: Tx, reply_id: UUID, channel: Channel, points: Sequence[str], words: str, at: datetime) -> None:
    """Publishes reply.affirmed for each index the contact point is known by."""
    said = [
        ReplyAffirmed(
            reply_id=make_id("affirmed", reply_id, point),
            version=1,
            channel=channel,
            point=point,
            words=words[:LONGEST_PROOF],
            affirmed_at=at,
        )
        for point in points
    ]
    publish(tx, chunk_of(said), at=at)
