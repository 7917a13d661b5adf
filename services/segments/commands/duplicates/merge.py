"""Merge two guests: everything of the one becomes the other's, until somebody takes them apart.

1. nobody resolves reservations meanwhile; both are locked
2. each of those who are one from here on is written down as they stand alone
3. stays, contact points, keys, claims of consent, answers, cases, messages and sign-ups change hands; a refusal stands
4. what the one knew and the other did not is filled in; «do not contact» survives
5. the one is merged away; both, and the stays, are published; the segments of both are evaluated again
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.segments.commands.duplicates.part import put_together, take_apart
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.noting import name_of, note
from services.segments.commands.guests.rights import refuse_restricted
from services.segments.commands.publish_states import publish_guests, publish_stays
from services.segments.store.duplicates import merging, parting
from services.segments.store.guests.guests import await_turn, load_guests, next_versions
from services.segments.store.guests.stays import load_stays
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.events import chunk_of
from shared.events.segments.guests import GuestMerged


def merge_guests(tx: Tx, guest_id: UUID, into_id: UUID, by: Person | str, at: datetime) -> None:
    """Raises `Conflict` where one of them is gone already."""
    if guest_id == into_id:
        raise InputError(problems={"into": "another guest expected"})
    await_turn(tx)
    for each in sorted((guest_id, into_id)):
        refuse_restricted(tx, each)
    guests = load_guests(tx, {guest_id, into_id})
    if guests.keys() != {guest_id, into_id}:
        raise Conflict()
    before = parting.stays_by_guest(tx, [guest_id, into_id])
    _join(tx, guest_id, into_id, name_of(by), at)
    next_versions(tx, [guest_id, into_id], at)
    version = guests[guest_id].version + 1
    publish(
        tx, chunk_of([GuestMerged(guest_id=guest_id, version=version, into_guest_id=into_id, occurred_at=at)]), at=at
    )
    publish_guests(tx, [into_id], at)
    stays = publish_moved_stays(tx, before, [into_id], at)
    because = {"kind": "guest", "what": "guest.merged"}
    evaluate_moved(tx, [Moved(id, because) for id in sorted((guest_id, into_id))], at)
    note(tx, into_id, "guest.merged", by, {"merged": str(guest_id), "stays": stays}, at)


def _join(tx: Tx, guest_id: UUID, into_id: UUID, by: str, at: datetime) -> None:
    """Either may be made of several already: they are taken apart for a moment, so that each is known alone."""
    group, edges = {guest_id, into_id}, []
    for root in (into_id, guest_id):
        edges += merging.edges_of(tx, root)
        group |= parting.parts_of(tx, root).keys()
        take_apart(tx, root, at)
    merging.keep_merge(tx, guest_id, into_id, by, at)
    added = merging.standing_merge(tx, guest_id)
    assert added is not None
    put_together(tx, group, [*sorted(edges, key=lambda edge: edge.id), added], into_id, at)


def publish_moved_stays(tx: Tx, before: Mapping[UUID, UUID], guests: Collection[UUID], at: datetime) -> int:
    """The stays of these guests that were another's `before`, each one version further; how many."""
    moved = [stay for stay, owner in parting.stays_by_guest(tx, guests).items() if before[stay] != owner]
    parting.next_stay_versions(tx, moved, at)
    stays = sorted(load_stays(tx, moved).values(), key=lambda stay: stay.id)
    publish_stays(tx, [(replace(stay, guest_id=before[stay.id]), stay) for stay in stays], at)
    return len(stays)
