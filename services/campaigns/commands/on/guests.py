"""Guests changed, were merged away or erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.rules.enrolments import must_leave
from services.campaigns.store import copies
from services.campaigns.store.enrolments import forget, lock_of_guests
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of
from shared.events.console import GuestForgotten
from shared.vocabulary.reason import Reason


def on_guest_changed(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    copies.keep_guests(tx, chunk)


def on_guest_merged(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """A guest merged away is in no journey any more; the surviving one enters by audiences and stays of their own."""
    copies.tombstone_guests(tx, chunk, Reason.MERGED)
    _end(tx, chunk, Reason.MERGED, at)


def on_guest_erased(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """An erased guest is in no journey any more, and what the enrolments knew of them is wiped."""
    copies.tombstone_guests(tx, chunk, Reason.ERASED)
    _end(tx, chunk, Reason.ERASED, at)
    guests = sorted({UUID(guest) for guest in chunk["guest_id"]})
    forget(tx, guests)
    forgotten = [GuestForgotten(guest_id=guest, service=tx.service, version=1, forgotten_at=at) for guest in guests]
    publish(tx, chunk_of(forgotten), at=at)


def _end(tx: Tx, chunk: Chunk, reason: Reason, at: datetime) -> None:
    present = lock_of_guests(tx, sorted({UUID(guest) for guest in chunk["guest_id"]}))
    leave(tx, [Leaving(one, reason) for one in present if must_leave(one)], at)
