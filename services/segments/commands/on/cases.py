"""Cases opened and closed are kept for the front desk and for rules: their guests are evaluated again."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.store import other_services, receipts
from shared.database.pool import Tx
from shared.events.dictionary import Chunk

TOUCHED = frozenset({"open_cases", "last_case_closed"})


def handle_cases(tx: Tx, chunk: Chunk, at: datetime) -> None:
    guests = other_services.save_cases(tx, chunk, receipts.days_of(tx, chunk["guest_id"], chunk["occurred_at"]))
    because = {"kind": "guest", "what": chunk.type.name.removesuffix(".v1")}
    evaluate_moved(tx, [Moved(guest, because) for guest in sorted(guests)], at, TOUCHED)
