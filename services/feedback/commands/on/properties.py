"""A property has changed."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store import properties
from shared.database.pool import Tx
from shared.events import Chunk


def keep_properties(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    properties.keep(tx, chunk)
