"""A guest's tier follows what their loyalty programme tells; what reservations state is kept beside it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.segments.rules.people.guests import with_tier
from services.segments.store.guests.guests import change_guests, load_guests
from services.segments.store.told.loyalty import loyalty_of
from shared.database.pool import Tx


def follow_loyalty(tx: Tx, guests: Collection[UUID], at: datetime) -> None:
    """Brings the tiers of these guests up to date. Versions and events are the caller's."""
    told = loyalty_of(tx, guests)
    if told:
        known = load_guests(tx, told.keys())
        after = [with_tier(guest, told[id].tier) for id, guest in known.items()]
        change_guests(tx, [guest for guest in after if guest != known[guest.id]], at)
