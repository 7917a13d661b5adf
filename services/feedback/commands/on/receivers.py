"""A sender that guests answer to was set up, changed or deleted."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store import receivers
from shared.database.pool import Tx
from shared.events import Chunk


def keep_receivers(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    receivers.keep(tx, chunk)
