"""Keep the points and the tier that a loyalty programme tells of a guest.

The newest statement counts; one that is as old or older changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.guests.corrections import locked_guest
from services.segments.commands.guests.noting import note, publish_and_evaluate
from services.segments.commands.told.tiers import follow_loyalty
from services.segments.store.guests.guests import load_guests, next_versions
from services.segments.store.told import loyalty as store
from services.segments.store.told.loyalty import Loyalty
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx

WHAT = "guest.loyalty_told"


def tell_loyalty(tx: Tx, new: Loyalty, by: Person, at: datetime) -> bool:
    """False where as much is known. Raises `NotFound`, and `Restricted` for a guest whose data stay as they are."""
    before = locked_guest(tx, new.guest_id)
    known = store.loyalty_of(tx, [new.guest_id]).get(new.guest_id)
    if known and new.as_of <= known.as_of:
        return False
    store.save(tx, new, by.name, at)
    follow_loyalty(tx, [new.guest_id], at)
    next_versions(tx, [new.guest_id], at)
    publish_and_evaluate(tx, [new.guest_id], at)
    if load_guests(tx, [new.guest_id])[new.guest_id].tier == before.tier:
        record(tx, by, WHAT, f"guest {new.guest_id}", {"fields": ["points"]}, at)  # no line of the story for each night
    else:
        note(tx, new.guest_id, WHAT, by, {"fields": ["tier"]}, at)
    return True
