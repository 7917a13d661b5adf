"""A message arrived, came back or was complained of: the guest's facts change, and the guest is evaluated again."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.store import receipts
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.localtime import local_date
from shared.vocabulary.receipt import ReceiptState

KINDS = {
    "message.delivered.v1": ReceiptState.DELIVERED,
    "message.bounced.v1": ReceiptState.BOUNCED,
    "message.complained.v1": ReceiptState.COMPLAINED,
}


def handle_receipts(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The latest of each kind counts, in any order and however often. A day is the guest's own."""
    zones = receipts.home_zones(tx, chunk["guest_id"])
    instants = [datetime.fromisoformat(text) for text in chunk["occurred_at"]]
    days = [
        local_date(instant, zones.get(guest, "UTC")) for guest, instant in zip(chunk["guest_id"], instants, strict=True)
    ]
    guests = receipts.save(tx, KINDS[chunk.type.name], chunk, days)
    evaluate_moved(tx, [Moved(guest, {"kind": "guest", "what": "guest.changed"}) for guest in sorted(guests)], at)
