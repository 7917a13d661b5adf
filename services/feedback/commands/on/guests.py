"""A guest has changed, was merged with another, or was erased."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store import guests, voices
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of_rows
from shared.events.console import GuestForgotten


def keep_guests(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    guests.keep(tx, chunk)


def merge_guests(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    """The merged guest becomes a tombstone, and their last answers count for the guest they were merged into."""
    guests.add_tombstones(tx, chunk["guest_id"], chunk["version"], chunk["into_guest_id"])
    voices.hand_on(tx, chunk["guest_id"])


def forget_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Erases the guests' words and keeps the figures without a person. Publishes guest.forgotten.

    The tombstone stays, so that no older event brings the guest back.
    """
    guests.add_tombstones(tx, chunk["guest_id"], chunk["version"], [None] * len(chunk))
    guests.wipe(tx, chunk["guest_id"])
    each = zip(chunk["guest_id"], chunk["version"], strict=True)
    rows = [(guest_id, tx.service, version, at) for guest_id, version in each]
    publish(tx, chunk_of_rows(GuestForgotten, rows), at=at)
