"""Guests who are erased: their words go, the figures without a person stay."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store import guests
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of_rows
from shared.events.console import GuestForgotten


def forget_guests(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The tombstone stays, so that nothing older brings the guest back. Says guest.forgotten."""
    guests.entomb(tx, chunk["guest_id"], chunk["version"], [None] * len(chunk))
    guests.wipe(tx, chunk["guest_id"])
    each = zip(chunk["guest_id"], chunk["version"], strict=True)
    rows = [(guest_id, tx.service, version, at) for guest_id, version in each]
    publish(tx, chunk_of_rows(GuestForgotten, rows), at=at)
