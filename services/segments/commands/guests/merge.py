"""Merge two guests: everything of the one becomes the other's. It cannot be undone.

1. nobody resolves reservations meanwhile; both are locked
2. stays, contact points, keys, claims of consent, answers, cases and messages change hands; a refusal always stands
3. what the one knew and the other did not is filled in; «do not contact» survives
4. the one is merged away; both, and the stays, are published; the segments of both are evaluated again
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.noting import note
from services.segments.commands.guests.rights import refuse_restricted
from services.segments.commands.publish_states import publish_guests, publish_stays
from services.segments.store.guests import merging
from services.segments.store.guests.guests import await_turn, load_guests
from services.segments.store.guests.stays import load_stays
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.events import chunk_of
from shared.events.segments import GuestMerged


def merge_guests(tx: Tx, guest_id: UUID, into_id: UUID, by: Person | str, at: datetime) -> None:
    """Raises `Conflict` where one of them is gone already."""
    if guest_id == into_id:
        raise InputError(problems={"into": "another guest expected"})
    await_turn(tx)
    for each in sorted((guest_id, into_id)):
        refuse_restricted(tx, each)
    before = load_stays(tx, merging.stays_of(tx, guest_id))
    guests = load_guests(tx, {guest_id, into_id})
    if guests.keys() != {guest_id, into_id}:
        raise Conflict()
    merging.hand_over(tx, guest_id, into_id, at)
    version = guests[guest_id].version + 1
    publish(
        tx, chunk_of([GuestMerged(guest_id=guest_id, version=version, into_guest_id=into_id, occurred_at=at)]), at=at
    )
    publish_guests(tx, [into_id], at)
    publish_stays(
        tx,
        [
            (old, replace(old, guest_id=into_id, version=old.version + 1, changed_at=at))
            for old in sorted(before.values(), key=lambda stay: stay.id)
        ],
        at,
    )
    because = {"kind": "guest", "what": "guest.merged"}
    evaluate_moved(tx, [Moved(id, because) for id in sorted((guest_id, into_id))], at)
    note(tx, into_id, "guest.merged", by, {"merged": str(guest_id), "stays": len(before)}, at)
