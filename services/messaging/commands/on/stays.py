"""What messaging keeps of stays."""

from __future__ import annotations

from datetime import datetime

from services.messaging.commands.on.news import note_news
from services.messaging.commands.on.soundness import refuse_unknown_zones
from services.messaging.store import read_models as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def keep_stays(tx: Tx, chunk: Chunk, at: datetime) -> None:
    refuse_unknown_zones(chunk, "zone")
    store.keep_stays(tx, {**chunk.columns, "again": chunk.republished})
    note_news(tx, chunk["property"], chunk["occurred_at"], at)
