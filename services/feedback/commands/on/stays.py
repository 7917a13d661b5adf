"""A stay has changed."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store import stays, voices
from shared.database.pool import Tx
from shared.events import Chunk


def keep_stays(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """Answers about a stay count for the room type that it has now."""
    stays.keep(tx, chunk)
    voices.follow_rooms(tx, chunk["stay_id"])
