"""Guests enter journeys: those whose facts it changes are evaluated again."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.store import other_services, receipts
from shared.database.pool import Tx
from shared.events.dictionary import Chunk

TOUCHED = frozenset({"journeys_entered", "last_entered", "journey_entered"})


def handle_entrances(tx: Tx, chunk: Chunk, at: datetime) -> None:
    days = receipts.days_of(tx, chunk["guest_id"], chunk["entered_at"])
    guests = other_services.save_entrances(tx, chunk, days)
    because = {"kind": "guest", "what": "journey.entered"}
    evaluate_moved(tx, [Moved(guest, because) for guest in sorted(guests)], at, TOUCHED)
