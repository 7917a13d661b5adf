"""The hotels there are: rows of others are refused."""

from __future__ import annotations

from datetime import datetime

from services.segments.store.properties import save_properties
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def handle_properties(tx: Tx, chunk: Chunk, at: datetime) -> None:  # noqa: ARG001 - the shape of a handler
    save_properties(tx, chunk)
