"""Somebody who had objected asks for messages again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import OptinRequested
from shared.ids import make_id
from shared.vocabulary.channel import Channel

LONGEST_PROOF = 60


def come_back(tx: Tx, ref: str, channel: Channel, points: Sequence[str], words: str, at: datetime) -> None:
    """Publishes optin.requested for each index the contact point is known by; messaging keeps the ledger.

    `words`: those that ask for it.
    """
    asked = [
        OptinRequested(
            optin_id=make_id("optin", ref, point),
            version=1,
            channel=channel,
            point=point,
            words=words[:LONGEST_PROOF],
            requested_at=at,
        )
        for point in points
    ]
    publish(tx, chunk_of(asked), at=at)
