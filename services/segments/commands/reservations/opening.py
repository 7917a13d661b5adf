"""An intake is opened: what the database knows of the rows' addresses, keys and guests is loaded in sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.segments.commands.reservations.erased_rows import erased_rows
from services.segments.commands.reservations.list_intake import ListIntake
from services.segments.commands.reservations.numbers import Numbers
from services.segments.commands.reservations.prepared import PreparedContact, PreparedRow, ReadyRow
from services.segments.rules.people.guests import Guest
from services.segments.rules.people.names import Name
from services.segments.store.guests.contact_rows import guests_of_rows
from services.segments.store.guests.guests import load_guests, of_hotels
from services.segments.store.guests.points import load_keys, load_points, points_of
from services.segments.store.guests.removed_points import load_removed
from shared.access.scope import Scope
from shared.database.pool import Tx


def open_intake(
    tx: Tx,
    reservations: Sequence[PreparedRow],
    numbers: Numbers,
    at: datetime,
    joins: Scope,
    listed: Sequence[PreparedContact] = (),
) -> ListIntake:
    """An intake that knows all that bears on these rows. `joins`: the hotels to whose guests they may be joined.
    `listed`: rows of lists."""
    prepared_rows: list[ReadyRow] = [*reservations, *listed]
    older = {index: others for prepared in prepared_rows for index, others in prepared.older.items()}
    there = {index for prepared in prepared_rows for _, index, _ in prepared.points}
    points = load_points(tx, there.union(*(older.get(index, ()) for index in there)))
    names = {prepared.name_birth for prepared in prepared_rows if prepared.name_birth}
    keys = load_keys(tx, names.union(*(older.get(index, ()) for index in names)))
    removed = load_removed(tx, there.union(*(older.get(index, ()) for index in there)))
    for index, others in older.items():  # one address, one point: it keeps the index that it is known by
        for other in others:
            if other in points:
                points.setdefault(index, points[other])
            if other in removed:
                removed.setdefault(index, set()).update(removed[other])
            if other in keys:
                keys.setdefault(index, set()).update(keys[other])
    known_by_list = guests_of_rows(tx, [prepared.number for prepared in listed]) if listed else {}
    ids = numbers.guests()
    ids.update(known_by_list.values())
    ids.update(*(point.guests for point in points.values()), *keys.values(), *removed.values())
    guests = load_guests(tx, ids)
    strangers = (
        frozenset[UUID]() if joins.everywhere else frozenset(guests.keys() - of_hotels(tx, guests.keys(), joins))
    )
    contacts = points_of(tx, _doubtful(reservations, numbers, guests))
    erased = erased_rows(tx, prepared_rows)
    intake = ListIntake(at, points, keys, dict(guests), guests, numbers, erased, contacts, strangers, removed)
    intake.listed |= known_by_list
    return intake


def _doubtful(prepared_rows: Sequence[PreparedRow], numbers: Numbers, guests: Mapping[UUID, Guest]) -> set[UUID]:
    """The guests of known stays whose rows give another name, or another day: their contact decides."""
    found = set()
    for prepared in prepared_rows:
        row = prepared.row
        for stay in numbers.stays.get(prepared.number, ()):
            guest = guests.get(stay.guest_id)
            if guest and (guest.name != Name(row.given_name, row.family_name) or stay.arrival != row.arrival):
                found.add(guest.id)
    return found
