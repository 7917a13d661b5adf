"""What messaging keeps of segments: who is in those by which a published template shows blocks."""

from __future__ import annotations

from datetime import datetime

from services.messaging.store import guest_segments as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def keep_changes(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    store.keep_changes(tx, chunk.columns)


def keep_lists(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """Parts of a list come in any order; one of an older list says nothing any more."""
    for place in range(len(chunk)):
        store.keep_part(tx, {name: values[place] for name, values in chunk.columns.items()})
