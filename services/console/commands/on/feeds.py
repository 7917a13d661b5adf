"""What senders sent and what came back, day by day; on which days a source told of a hotel."""

from __future__ import annotations

from datetime import datetime

from services.console.store import feeds
from shared.database.pool import Tx
from shared.events import Chunk


def keep_sender_days(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    feeds.keep_sender_days(tx, chunk)


def keep_source_days(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    feeds.keep_source_days(tx, chunk)
