"""The state of a message is kept for the front desk and for counts; whom it was sent to is evaluated again."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.store import other_services, receipts
from shared.database.pool import Tx
from shared.events.dictionary import Chunk

TOUCHED = frozenset({"last_written", "journeys"})


def handle_messages(tx: Tx, chunk: Chunk, at: datetime) -> None:
    guests = other_services.save_messages(tx, chunk, receipts.days_of(tx, chunk["guest_id"], chunk["occurred_at"]))
    because = {"kind": "guest", "what": "message.sent"}
    evaluate_moved(tx, [Moved(guest, because) for guest in sorted(guests)], at, TOUCHED)
