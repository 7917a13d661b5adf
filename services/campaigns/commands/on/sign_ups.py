"""Guests signed up: entries that rest on it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.campaigns.commands.enter import lock_and_enter
from services.campaigns.rules.told_entries import SignedUp, by_sign_up
from services.campaigns.steps.entries import SignUpEntry
from services.campaigns.store.journeys import live_journeys
from shared.database.pool import Tx
from shared.events import Chunk


def on_guest_signed_up(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """A later version brings what people decided about the sign-up: nobody enters by it again."""
    lives = [live for live in live_journeys(tx, at) if isinstance(live.journey.entry, SignUpEntry)]
    if not lives or chunk.republished:
        return
    found = [entrance for signed in _signed(chunk) for live in lives if (entrance := by_sign_up(live, signed))]
    lock_and_enter(tx, list({(one.live.key, one.guest_id, one.occurrence): one for one in found}.values()), at)


def _signed(chunk: Chunk) -> list[SignedUp]:
    names = ("guest_id", "form", "page", "property", "zone", "said_at")
    return [
        SignedUp(UUID(guest), form, page, property_, zone, datetime.fromisoformat(at))
        for guest, form, page, property_, zone, at in zip(*(chunk[name] for name in names), strict=True)
    ]
