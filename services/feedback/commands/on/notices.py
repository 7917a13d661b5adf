"""What became of a call: a failed one is no answer to wait for."""

from __future__ import annotations

from datetime import datetime

from services.feedback.commands.alerts.calling import call_or_tell
from services.feedback.store.care import alerts as store
from shared.database.pool import Tx
from shared.events import Chunk


def settle_calls(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Where no channel reached whoever was called last, the next one is called at once."""
    ours = store.settle_calls(tx, chunk.columns)
    if ours:
        call_or_tell(tx, store.take_those_of(tx, ours), at)
