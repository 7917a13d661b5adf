"""Journeys told the house's own systems of a guest: a line of the guest's story."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.segments.commands.guests.noting import note_each
from services.segments.store.guests.journey_tags import lock_tagged, survivors
from shared.database.pool import Tx
from shared.events.dictionary import Chunk

WHAT = "guest.told_by_journey"


def note_told(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Who was merged away is whoever they became; of an erased guest nothing is noted."""
    guests = [UUID(guest) for guest in chunk["guest_id"]]
    ahead = survivors(tx, sorted(set(guests)))
    living = {one.id for one in lock_tagged(tx, sorted({ahead.get(guest, guest) for guest in guests}))}
    told = zip(guests, chunk["name"], chunk["journey"], chunk["journey_name"], strict=True)
    for guest, name, journey, journey_name in told:
        if (known := ahead.get(guest, guest)) in living:
            note_each(tx, [(known, {"name": name, "journey": journey})], WHAT, journey_name, at)
