"""A service said what its last night dropped, and what its next one will."""

from __future__ import annotations

from datetime import datetime

from services.console.store import retention
from shared.database.pool import Tx
from shared.events import Chunk


def keep_nights(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    retention.keep_nights(tx, chunk)
