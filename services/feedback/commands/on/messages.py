"""A message has changed its state."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store import messages
from shared.database.pool import Tx
from shared.events import Chunk


def keep_messages(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """Keeps the messages that were sent: only those can be answered."""
    messages.keep(tx, chunk)
