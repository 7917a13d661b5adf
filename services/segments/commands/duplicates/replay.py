"""Read the rows again that came for a group of merged guests since, and give each to whom it fits.

A row of a stay that is somebody's already is theirs. Another is whose e-mail address, phone number, or name and birth
date it carries, under a compatible name, as if nobody had been merged; one that fits nobody is left with the root.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.commands.reservations.enter import EntryOptions, prepare_rows
from services.segments.commands.reservations.intake import claims_of, sought_by
from services.segments.commands.reservations.prepared import PreparedContact, ReadyRow, marked
from services.segments.commands.reservations.row_codec import decode_row
from services.segments.rules.people.guests import Guest, updated_by
from services.segments.rules.people.identity import may_be
from services.segments.rules.people.listed import filled_by_list
from services.segments.store.duplicates import parting
from services.segments.store.duplicates.merged_rows import add_missing_keys, kinds_of_points, known_among, take_rows
from services.segments.store.guests.contact_rows import give_contact_rows
from services.segments.store.guests.guests import change_guests, load_guests
from services.segments.store.guests.points import (
    GuestPoint,
    load_keys,
    load_points,
    save_claims,
    save_guest_points,
)
from services.segments.store.guests.removed_points import load_removed
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.contact_point import PointClass

OPTIONS = EntryOptions(booking_only=False, initial=False, lane=None)


@dataclass(frozen=True)
class Told:
    """A row, ready, with its stay and the indexes that its addresses and its key are known by."""

    stay_id: UUID
    prepared: ReadyRow
    points: Mapping[str, str]  # the index in use, by the one that the row has


@dataclass
class Group:
    """Who of the guests is found by what. `owners`: by stay; of one that is new since, whoever it was given to."""

    root: UUID
    guests: dict[UUID, Guest]
    by_index: dict[str, set[UUID]]
    owners: dict[UUID, UUID]

    def whose(self, told: Told) -> UUID:
        if told.stay_id in self.owners:
            return self.owners[told.stay_id]
        sought = sought_by(told.prepared)
        for index in told.points.values():
            fitting = [self.guests[id] for id in self.by_index.get(index, ()) if may_be(self.guests[id], sought)]
            if fitting:
                return min(fitting, key=lambda guest: guest.since).id
        return self.root


def replay(tx: Tx, root: UUID, guests: Sequence[UUID], at: datetime) -> Counter[str]:
    """Gives out what came since: stays, addresses, keys, consents and profiles. How many stays went to whom is in the
    answer, as `root` and `others`.
    """
    told = _told(tx, take_rows(tx, root))
    if not told:
        return Counter()
    before = parting.stays_by_guest(tx, guests)
    recorded = {UUID(id) for part in parting.parts_of(tx, root).values() for id in part.state["stay"]}
    group = _group(tx, root, guests, told, {stay: guest for stay, guest in before.items() if stay in recorded})
    points: list[GuestPoint] = []
    claims = []
    keys: set[tuple[str, UUID]] = set()
    kinds = kinds_of_points(tx, {index for one in told for index in one.points.values()})
    gone = load_removed(tx, list(kinds))
    for one in told:
        owner = group.owners[one.stay_id] = group.whose(one)
        group.guests[owner] = _after(group.guests[owner], one.prepared)
        theirs = [point for point in _points(one, owner, kinds) if owner not in gone.get(point.point, ())]
        points += theirs
        claims += claims_of(one.prepared, owner)
        if one.prepared.name_birth:
            keys.add((one.points[one.prepared.name_birth], owner))
        for index in one.points.values():
            group.by_index.setdefault(index, set()).add(owner)
    change_guests(tx, list(group.guests.values()), at)
    for point in points:
        save_guest_points(tx, [point])
    for claim in claims:
        save_claims(tx, [claim])
    add_missing_keys(tx, keys)
    moved = {stay: owner for stay, owner in group.owners.items() if stay in before and before[stay] != owner}
    parting.give_stays(tx, moved)
    listed = {one.stay_id for one in told if isinstance(one.prepared, PreparedContact)}
    give_contact_rows(tx, {row: group.owners[row] for row in listed})
    new = [owner for stay, owner in group.owners.items() if stay not in recorded and stay not in listed]
    return Counter("root" if owner == root else "others" for owner in new)


def _after(guest: Guest, prepared: ReadyRow) -> Guest:
    if isinstance(prepared, PreparedContact):
        return filled_by_list(guest, prepared.row, prepared.zone)
    return updated_by(guest, prepared.row, prepared.said_at, prepared.zone)


def _told(tx: Tx, rows: Iterable[tuple[UUID, Sealed]]) -> list[Told]:
    found = []
    for stay_id, sealed in rows:
        (prepared,) = prepare_rows(tx, [marked(decode_row(tx.keyring.open(sealed, Sealing.ROW)))], OPTIONS)
        found.append((stay_id, prepared))
    every = {index: [index, *one.older.get(index, ())] for _, one in found for index in _indexes(one)}
    known = known_among(tx, {name for names in every.values() for name in names})
    in_use = {index: next((name for name in names if name in known), index) for index, names in every.items()}
    return [Told(stay, one, {index: in_use[index] for index in _indexes(one)}) for stay, one in found]


def _indexes(prepared: ReadyRow) -> list[str]:
    """What a guest is found by, the strongest first."""
    return [*(index for _, index, _ in prepared.points), *filter(None, [prepared.name_birth])]


def _group(tx: Tx, root: UUID, guests: Sequence[UUID], told: Sequence[Told], owners: dict[UUID, UUID]) -> Group:
    indexes = {index for one in told for index in one.points.values()}
    found: dict[str, set[UUID]] = {}
    for index, known in load_points(tx, indexes).items():
        if known.kind is PointClass.PERSONAL:
            found[index] = known.guests & set(guests)
    for index, those in (*load_keys(tx, indexes).items(), *load_removed(tx, indexes).items()):
        found.setdefault(index, set()).update(those & set(guests))
    return Group(root, load_guests(tx, guests), found, owners)


def _points(told: Told, owner: UUID, kinds: Mapping[str, str]) -> list[GuestPoint]:
    one = told.prepared
    return [
        GuestPoint(
            owner,
            told.points[index],
            point.channel,
            told.stay_id if kinds.get(told.points[index]) == PointClass.MASKED else None,
            one.said_at,
            one.row.ref(),
        )
        for _, index, point in one.points
        if told.points[index] in kinds
    ]
