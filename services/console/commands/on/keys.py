"""A program came with its key at some service."""

from __future__ import annotations

from datetime import datetime

from services.console.store import api_keys
from shared.database.pool import Tx
from shared.events import Chunk


def keep_key_uses(tx: Tx, chunk: Chunk, _now: datetime) -> None:
    api_keys.keep_uses(tx, chunk.columns)
