"""A guest wrote where any words may be written back for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import ReplyReceived
from shared.vocabulary.channel import Channel


def open_window(tx: Tx, reply_id: UUID, channel: Channel, points: Sequence[str], at: datetime) -> None:
    """Publishes reply.received for each index the contact point is known by; nothing on a channel without a window."""
    if channel.window is None:
        return
    told = [
        ReplyReceived(reply_id=reply_id, point=point, version=1, channel=channel, received_at=at) for point in points
    ]
    publish(tx, chunk_of(told), at=at)
