"""A consent in messaging's ledger changes: the guests whose facts it changes are evaluated again."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.store import other_services
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def handle_consents(tx: Tx, chunk: Chunk, at: datetime) -> None:
    guests = other_services.save_consents(tx, chunk)
    evaluate_moved(tx, [Moved(id, {"kind": "guest", "what": "guest.changed"}) for id in sorted(guests)], at)
