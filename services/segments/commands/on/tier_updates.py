"""Journeys give guests a tier, and give back the one that reservations state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from services.segments.commands.guests.noting import note_each, publish_and_evaluate
from services.segments.rules.people.guests import Guest, by_journey
from services.segments.store.guests.guests import await_turn, change_guests, load_guests
from services.segments.store.guests.journey_tags import lock_tagged, survivors
from services.segments.store.told.loyalty import loyalty_of
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.vocabulary.right import Right

WHAT = "guest.tier_by_journey"


@dataclass(frozen=True)
class TierUpdate:
    """A journey's word on a guest's tier."""

    update_id: UUID
    guest_id: UUID
    tier: str | None
    journey: str
    journey_name: str
    requested_at: datetime

    @property
    def mark(self) -> list[str]:
        """The greater one is the later word."""
        return [self.requested_at.astimezone(UTC).isoformat(), str(self.update_id)]


def handle_tier_updates(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """The newest word on a guest counts, in whatever order they come; who was merged away is whoever they became. A
    guest of whom a loyalty programme tells keeps its tier, and one whose data are restricted stays as they are."""
    told = _told(chunk)
    ahead = survivors(tx, sorted({one.guest_id for one in told}))
    newest: dict[UUID, TierUpdate] = {}
    for one in sorted(told, key=lambda one: one.mark):
        newest[ahead.get(one.guest_id, one.guest_id)] = one
    await_turn(tx)
    restricted = {one.id for one in lock_tagged(tx, sorted(newest)) if Right.RESTRICTED in one.rights}
    told_of = restricted | loyalty_of(tx, sorted(newest)).keys()
    known = load_guests(tx, [guest for guest in newest if guest not in told_of])
    after = [by_journey(guest, newest[id].tier, newest[id].mark) for id, guest in known.items()]
    changed = [guest for guest in after if guest.tier != known[guest.id].tier]
    change_guests(tx, [_next(guest, known[guest.id]) for guest in after if guest != known[guest.id]], at)
    if not changed:
        return
    publish_and_evaluate(tx, sorted(guest.id for guest in changed), at)
    for guest in changed:
        one = newest[guest.id]
        told_in_words = {"tier": guest.tier or "–", "was": known[guest.id].tier or "–", "journey": one.journey}
        note_each(tx, [(guest.id, told_in_words)], WHAT, one.journey_name, at)


def _next(guest: Guest, before: Guest) -> Guest:
    """Only what others are told has a new version."""
    return replace(guest, version=before.version + 1) if guest.tier != before.tier else guest


def _told(chunk: Chunk) -> list[TierUpdate]:
    names = ("update_id", "guest_id", "tier", "journey", "journey_name", "requested_at")
    return [
        TierUpdate(UUID(id), UUID(guest), tier, journey, name, datetime.fromisoformat(at))
        for id, guest, tier, journey, name, at in zip(*(chunk[column] for column in names), strict=True)
    ]
