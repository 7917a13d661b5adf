"""Campaigns rehearses: how far, and what its journeys would ask for."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson

from services.messaging.store.rehearsal import wanted as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk

KEPT_FOR = timedelta(days=30)


def on_rehearsal_requested(tx: Tx, chunk: Chunk, at: datetime) -> None:
    store.keep(tx, {**chunk.columns, "now": at})
    store.drop_before(tx, at - KEPT_FOR)


def on_message_rehearsed(tx: Tx, chunk: Chunk, at: datetime) -> None:
    requests, stays = ([orjson.dumps(one).decode() for one in chunk[name]] for name in ("request", "stay"))
    store.keep_messages(tx, {**chunk.columns, "request": requests, "stay": stays, "now": at})
