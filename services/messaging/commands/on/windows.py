"""A guest wrote on a channel where that opens a window for any words."""

from __future__ import annotations

from datetime import datetime

from services.messaging.commands.points import points_known_as
from services.messaging.store.sending import windows as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def keep_windows(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Late, twice or out of order: the latest word of each contact point counts."""
    points = points_known_as(tx, chunk["point"])
    store.keep(tx, {"channel": chunk["channel"], "point": points, "wrote_at": chunk["received_at"]}, at)
