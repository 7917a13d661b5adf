"""A stay has changed."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store import stays
from shared.database.pool import Tx
from shared.events import Chunk


def keep_stays(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    stays.keep(tx, chunk)
