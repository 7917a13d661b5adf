"""What feedback remembers of what others say. In each, the greater version wins, in whatever order they come."""

from __future__ import annotations

from datetime import datetime

from services.feedback.store import guests, messages, properties, stays, voices
from shared.database.pool import Tx
from shared.events import Chunk


def keep_messages(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    messages.keep(tx, chunk)


def keep_guests(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    guests.keep(tx, chunk)


def keep_mergers(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    guests.entomb(tx, chunk["guest_id"], chunk["version"], chunk["into_guest_id"])
    voices.hand_on(tx, chunk["guest_id"])


def keep_stays(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    stays.keep(tx, chunk)


def keep_properties(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    properties.keep(tx, chunk)
