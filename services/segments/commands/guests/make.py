"""Make a guest by hand: somebody who has no stay yet, or whom no source tells of.

The form's key names the guest, so that the same form sent twice makes one. Who has the address or number already, under
a name that may be theirs, is asked about before; whoever is made in spite of that is filed as a possible duplicate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.segments.commands.guests.contacts import judge_points
from services.segments.commands.guests.noting import note, publish_and_evaluate
from services.segments.rules.people.contact_points import Point
from services.segments.rules.people.corrections import COLUMNS, Values
from services.segments.rules.people.guests import FIELDS, Guest
from services.segments.rules.people.identity import Key, is_unnamed, name_birth_of
from services.segments.rules.people.names import Name, compatible
from services.segments.rules.places import home_zone
from services.segments.store.guests import removed_points as points_store
from services.segments.store.guests.guests import add_guests, await_turn, load_guests, lock_guests, next_versions
from services.segments.store.guests.points import Duplicate, add_keys, file_duplicates, load_keys
from services.segments.store.guests.removed_points import ByHand
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.channel import Channel

BY_HAND = "by hand"


@dataclass(frozen=True)
class NewGuest:
    """`key`: the form's, by which it is known again. `hotel`, `zone`: whose guest it is, and its zone; no hotel: the
    whole house's. `source`: what states it. `days`: by the house's own date.
    """

    key: UUID
    hotel: str | None
    zone: str
    profile: Values
    points: tuple[Point, ...]
    source: str = BY_HAND
    days: Mapping[str, date] = field(default_factory=dict)

    @property
    def guest_id(self) -> UUID:
        return make_id("guest", self.source, self.hotel or "", self.key)

    @property
    def values(self) -> dict[str, Any]:
        """The profile by column."""
        return {
            column: value
            for field, values in self.profile.items()
            for column, value in zip(COLUMNS[field], values, strict=True)
        }


def is_made(tx: Tx, new: NewGuest) -> bool:
    return new.guest_id in load_guests(tx, [new.guest_id])


def alike(tx: Tx, new: NewGuest) -> dict[UUID, Key]:
    """Who may be the same: whoever has one of the points, or the full name and birth date, under a compatible name or
    none. Locks them.
    """
    return alike_each(tx, [new])[0]


def alike_each(tx: Tx, every: Sequence[NewGuest]) -> list[dict[UUID, Key]]:
    """The same of each of them, in their order."""
    await_turn(tx)
    points = [index for new in every for point in new.points for index in _indexes(tx, point)]
    owners = points_store.owners_of(tx, points)
    namesakes = load_keys(tx, [index for new in every if (index := _name_birth(tx, new))])
    found = [_offered(tx, new, owners, namesakes) for new in every]
    known = load_guests(tx, set[UUID]().union(*found))
    return [
        {id: key for id, key in offered.items() if id in known and _may_be_one(_name(new), known[id])}
        for new, offered in zip(every, found, strict=True)
    ]


def _may_be_one(name: Name, guest: Guest) -> bool:
    """By any name of the guest's, also of those who were merged into them."""
    return is_unnamed(name) or is_unnamed(guest.name) or any(compatible(name, one) for one in guest.names)


def _offered(
    tx: Tx, new: NewGuest, owners: Mapping[str, Collection[UUID]], namesakes: Mapping[str, Collection[UUID]]
) -> dict[UUID, Key]:
    """Guests by the key that they share with them, the strongest."""
    found: dict[UUID, Key] = {}
    for point in new.points:
        key = Key.EMAIL if point.channel == Channel.EMAIL else Key.PHONE
        for guest in sorted({guest for index in _indexes(tx, point) for guest in owners.get(index, ())}):
            found.setdefault(guest, key)
    for guest in sorted(namesakes.get(_name_birth(tx, new) or "", ())):
        found.setdefault(guest, Key.NAME_BIRTH)
    return found


def make_guest(tx: Tx, new: NewGuest, by: Person | str, at: datetime, agency_domains: frozenset[str]) -> UUID:
    """Done twice, the second does nothing. `alike` was asked in the same transaction."""
    await_turn(tx)
    if is_made(tx, new):
        return new.guest_id
    others = alike(tx, new)
    publish_made(tx, {new.guest_id}, add_each(tx, [(new, others)], at, agency_domains), at)
    if new.source == BY_HAND:
        note(tx, new.guest_id, "guest.made", by, {"property": new.hotel}, at)
    return new.guest_id


Alike = Mapping[UUID, Key]


def add_each(tx: Tx, made: Sequence[tuple[NewGuest, Alike]], at: datetime, agency_domains: frozenset[str]) -> set[UUID]:
    """Writes guests, each with those who are like them as possible duplicates. Publishing is the caller's; for whom one
    of the points is worth something else now.
    """
    add_guests(tx, [_guest(new, at) for new, _ in made], at)
    add_keys(tx, [(index, new.guest_id) for new, _ in made if (index := _name_birth(tx, new))])
    added = by_hand(tx, [(new.guest_id, point) for new, _ in made for point in new.points])
    points_store.add_by_hand(tx, added, at)
    filed = [Duplicate(new.guest_id, id, str(key), new.source) for new, others in made for id, key in others.items()]
    file_duplicates(tx, filed, at)
    return judge_points(tx, {one.point for one in added}, agency_domains)


def _guest(new: NewGuest, at: datetime) -> Guest:
    values = new.values
    mark = [at.isoformat(), new.source]
    filled = [field for field in FIELDS if values.get(field) is not None]
    return Guest(
        id=new.guest_id,
        version=1,
        home_zone=home_zone(values["country"], new.zone),
        home_property=new.hotel,
        tier=None,
        first_said_at=at,
        first_reservation=new.source,
        said=dict.fromkeys((*filled, "home_property", "name"), mark),
        **values,  # by the registry of fields
    )


def by_hand(tx: Tx, wanted: Sequence[tuple[UUID, Point]]) -> list[ByHand]:
    """Points as guests are to have them: under the index by which an address is known, else under the newest."""
    indexed = [(guest, point, _indexes(tx, point)) for guest, point in wanted]
    known = points_store.known_among(tx, {index for _, _, indexes in indexed for index in indexes})
    return [
        ByHand(
            guest,
            next((index for index in indexes if index in known), indexes[0]),
            point.channel,
            tx.keyring.seal(point.address, Sealing.CONTACT),
            point.kind,
            point.fault,
        )
        for guest, point, indexes in indexed
    ]


def publish_made(tx: Tx, made: Collection[UUID], others: Collection[UUID], at: datetime) -> None:
    """`others`: who changed by it."""
    if not made and not others:
        return
    changed = set(others) - set(made)
    lock_guests(tx, changed)
    next_versions(tx, changed, at)
    publish_and_evaluate(tx, {*made, *changed}, at)


def _indexes(tx: Tx, point: Point) -> Sequence[str]:
    return tx.keyring.indexes(point.channel, point.address)


def _name(new: NewGuest) -> Name:
    return Name(new.values["given_name"], new.values["family_name"])


def _name_birth(tx: Tx, new: NewGuest) -> str | None:
    values = new.values
    key = name_birth_of(values["given_name"], values["family_name"], values["birth_date"])
    return tx.keyring.index("name_birth", key) if key else None
