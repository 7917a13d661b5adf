"""A journey was launched."""

from __future__ import annotations

from datetime import datetime

from services.console.store import counts
from shared.database.pool import Tx
from shared.events import Chunk


def keep_launches(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    counts.keep_launches(tx, chunk)
