"""What guests answered is kept for the front desk."""

from __future__ import annotations

from datetime import datetime

from services.segments.store import other_services
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def handle_answers(tx: Tx, chunk: Chunk, at: datetime) -> None:  # noqa: ARG001 - the shape of a handler
    other_services.save_answers(tx, chunk)
