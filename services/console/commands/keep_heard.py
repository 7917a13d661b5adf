"""What console remembers of what others say, so that its pages can count it."""

from __future__ import annotations

from datetime import datetime

from services.console.store import counts
from shared.database.pool import Tx
from shared.events import Chunk


def keep_messages(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    counts.keep_messages(tx, chunk)


def keep_launches(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    counts.keep_launches(tx, chunk)


def keep_forgotten(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    counts.keep_forgotten(tx, chunk)
