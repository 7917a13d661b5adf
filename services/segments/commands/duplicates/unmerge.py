"""Take a merge back, whenever: each of the two has again what was theirs.

1. nobody resolves reservations meanwhile; all who are one guest are taken apart (see `part`)
2. those who stay with the survivor, and those who had been merged into the guest before, are put together again
3. guest.unmerged, both guests and the stays that change hands are published, the segments of both evaluated again
4. the two are not proposed as one again
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.segments.commands.duplicates.merge import publish_moved_stays
from services.segments.commands.duplicates.part import put_together, take_apart
from services.segments.commands.duplicates.search_duplicates import keep_apart
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.noting import name_of, note
from services.segments.commands.guests.rights import refuse_restricted
from services.segments.commands.publish_states import publish_guests
from services.segments.queries.published import guest_states
from services.segments.store.duplicates import merging, parting
from services.segments.store.duplicates.merging import Edge
from services.segments.store.guests.guests import await_turn, load_guests, next_versions
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import Conflict, NotFound
from shared.events import chunk_of
from shared.events.segments.guests import GuestUnmerged

BECAUSE = {"kind": "guest", "what": "guest.unmerged"}


def unmerge_guest(tx: Tx, guest_id: UUID, by: Person | str, at: datetime) -> UUID:
    """From whom the guest was taken. Raises `NotFound` where the guest is not merged, `Conflict` where that was before
    merges were written down."""
    await_turn(tx)
    root = merging.lock_root(tx, guest_id)
    if root is None:
        raise NotFound("There is no such merge.")
    edge = merging.standing_merge(tx, guest_id)
    if edge is None:
        raise Conflict()
    refuse_restricted(tx, root)
    edges, members = merging.edges_of(tx, root), set(parting.parts_of(tx, root))
    leaving = _with_those_merged_before(guest_id, edges)
    before = parting.stays_by_guest(tx, [root])
    versions = {id: guest.version for id, guest in load_guests(tx, [root]).items()}
    given = take_apart(tx, root, at)
    merging.end_merge(tx, edge.id, name_of(by), at)
    put_together(tx, leaving, _within(edges, leaving), guest_id, at)
    put_together(tx, members - leaving, _within(edges, members - leaving), root, at)
    versions[guest_id] = load_guests(tx, [guest_id])[guest_id].version
    for _ in range(2):  # guest.unmerged has the first, guest.changed the second
        next_versions(tx, [guest_id, root], at)
    _publish(tx, edge, root, versions, at)
    publish_guests(tx, [guest_id, root], at)
    stays = publish_moved_stays(tx, before, [guest_id], at)
    evaluate_moved(tx, [Moved(id, BECAUSE) for id in sorted((guest_id, root))], at)
    keep_apart(tx, guest_id, root, at)
    note(tx, root, "guest.unmerged", by, {"taken_out": str(guest_id), "stays": stays, **given}, at)
    return root


def _with_those_merged_before(guest_id: UUID, edges: Sequence[Edge]) -> set[UUID]:
    found = {guest_id}
    while more := {edge.guest_id for edge in edges if edge.into_id in found} - found:
        found |= more
    return found


def _within(edges: Sequence[Edge], guests: set[UUID]) -> list[Edge]:
    return [edge for edge in edges if edge.guest_id in guests and edge.into_id in guests]


def _publish(tx: Tx, edge: Edge, root: UUID, versions: dict[UUID, int], at: datetime) -> None:
    states = {state.guest_id: state for state in guest_states(tx, [edge.guest_id, root], at)}
    theirs = {point.point for point in states[root].points}
    event = GuestUnmerged(
        guest_id=edge.guest_id,
        version=versions[edge.guest_id] + 1,
        from_guest_id=root,
        from_version=versions[root] + 1,
        merged_at=edge.at,
        stays=sorted(parting.stays_by_guest(tx, [edge.guest_id])),
        points=sorted(point.point for point in states[edge.guest_id].points if point.point not in theirs),
        consents=states[edge.guest_id].consents,
        from_consents=states[root].consents,
        occurred_at=at,
    )
    publish(tx, chunk_of([event]), at=at)
