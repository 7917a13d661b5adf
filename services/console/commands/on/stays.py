"""A stay has changed: it is counted as it is now."""

from __future__ import annotations

from datetime import datetime

from services.console.store.stay_days import count_stays
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def on_stays(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    count_stays(tx, chunk)
