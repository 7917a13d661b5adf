"""What guests answered is kept for the front desk, and published with the segments they were in."""

from __future__ import annotations

from datetime import datetime

from services.segments.store import attributions, other_services
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def handle_answers(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Publishes answer.attributed: of new answers by the segments as of the answer, of known ones as it was kept."""
    saved = other_services.save_answers(tx, chunk)
    attributions.attribute(tx, [one.answer_id for one in saved if one.is_new])
    told = attributions.attributions(tx, [one.answer_id for one in saved])
    publish(tx, told, at=at)
