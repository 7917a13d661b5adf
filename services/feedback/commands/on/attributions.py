"""Segments has published in which segments guests were when they answered."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store import voices
from shared.database.pool import Tx
from shared.events import Chunk


def keep_segments(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """What was known of an answer before is the same: whoever enters or leaves a segment later changes nothing."""
    voices.attribute(tx, chunk["answer_id"], chunk["segments"])
