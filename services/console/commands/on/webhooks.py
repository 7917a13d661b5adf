"""An event was published that a webhook may want."""

from __future__ import annotations

from datetime import datetime

import orjson

from services.console.store import webhooks
from shared.database.pool import Tx
from shared.events import Chunk


def take_events(tx: Tx, chunk: Chunk, now: datetime) -> None:
    told = zip(chunk["type"], chunk["occurred_at"], chunk["data"], strict=True)
    bodies = [
        orjson.dumps({"type": name, "timestamp": occurred_at, "data": data}).decode()
        for name, occurred_at, data in told
    ]
    webhooks.take(tx, {**chunk.columns, "body": bodies}, now)
