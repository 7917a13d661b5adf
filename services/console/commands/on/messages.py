"""A message has changed its state."""

from __future__ import annotations

from datetime import datetime

from services.console.store import counts
from shared.database.pool import Tx
from shared.events import Chunk


def count_messages(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    counts.keep_messages(tx, chunk)
