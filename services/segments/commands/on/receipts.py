"""A message arrived, came back, was complained of, or a link of it opened: the guest is evaluated again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.store import receipts
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.vocabulary.receipt import ReceiptState

KINDS = {
    "message.delivered.v1": ReceiptState.DELIVERED,
    "message.bounced.v1": ReceiptState.BOUNCED,
    "message.complained.v1": ReceiptState.COMPLAINED,
}


def handle_receipts(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The latest of each kind counts, in any order and however often. A day is the guest's own."""
    days = receipts.days_of(tx, chunk["guest_id"], chunk["occurred_at"])
    evaluate_changed(tx, receipts.save(tx, KINDS[chunk.type.name], chunk, days), at)


def handle_clicks(tx: Tx, chunk: Chunk, at: datetime) -> None:
    days = receipts.days_of(tx, chunk["guest_id"], chunk["occurred_at"])
    evaluate_changed(tx, receipts.save_clicks(tx, chunk, days), at)


def evaluate_changed(tx: Tx, guests: Collection[UUID], at: datetime) -> None:
    evaluate_moved(tx, [Moved(guest, {"kind": "guest", "what": "guest.changed"}) for guest in sorted(guests)], at)
