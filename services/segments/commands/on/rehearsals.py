"""Campaigns wants to see ahead, or no longer does."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson

from services.segments.store import rehearsals as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk

KEPT_FOR = timedelta(days=30)


def on_rehearsal_requested(tx: Tx, chunk: Chunk, at: datetime) -> None:
    written = {name: [orjson.dumps(each).decode() for each in chunk[name]] for name in ("segments", "dates")}
    store.keep(tx, {**chunk.columns, **written, "now": at})
    store.drop_before(tx, at - KEPT_FOR)
