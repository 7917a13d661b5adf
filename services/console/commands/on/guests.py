"""A service erased its data of a guest."""

from __future__ import annotations

from datetime import datetime

from services.console.store import counts
from shared.database.pool import Tx
from shared.events import Chunk


def keep_forgotten(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    counts.keep_forgotten(tx, chunk)
