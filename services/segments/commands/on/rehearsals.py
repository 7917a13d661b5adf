"""Campaigns wants to see ahead, or no longer does."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson

from services.segments.store import rehearsals as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk

KEPT_FOR = timedelta(days=30)


def on_rehearsal_requested(tx: Tx, chunk: Chunk, at: datetime) -> None:
    segments = [orjson.dumps(keys).decode() for keys in chunk["segments"]]
    store.keep(tx, {**chunk.columns, "segments": segments, "now": at})
    store.drop_before(tx, at - KEPT_FOR)
