"""Guests changed, were merged away or erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.rules.enrolments import must_leave
from services.campaigns.store import heard
from services.campaigns.store.enrolments import forget, lock_of_guests
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of
from shared.events.console import GuestForgotten


def keep_guests(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    heard.keep_guests(tx, chunk)


def hear_mergers(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Who was merged away is in no journey any more; the guest she became enters by her own audiences and stays."""
    heard.bury_guests(tx, chunk, "merged")
    _end(tx, chunk, "merged", at)


def hear_erasures(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Who was erased is in no journey any more, and what the enrolments knew of her is wiped."""
    heard.bury_guests(tx, chunk, "erased")
    _end(tx, chunk, "erased", at)
    guests = sorted({UUID(guest) for guest in chunk["guest_id"]})
    forget(tx, guests)
    forgotten = [GuestForgotten(guest_id=guest, service=tx.service, version=1, forgotten_at=at) for guest in guests]
    publish(tx, chunk_of(forgotten), at=at)


def _end(tx: Tx, chunk: Chunk, reason: str, at: datetime) -> None:
    present = lock_of_guests(tx, sorted({UUID(guest) for guest in chunk["guest_id"]}))
    leave(tx, [Leaving(one, reason) for one in present if must_leave(one)], at)
