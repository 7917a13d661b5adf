"""Take in guests without a stay as programs tell of them: the known one where there is one, else a new one.

1. one intake at a time; who has an address, a number, or the full name and birth date is found as by a reservation
2. nothing known of a guest is overwritten; an address or number that they lack is added, one that was taken from them
   is not
3. a guest of other hotels is not opened to the program: who sees both decides whether they are one
4. who was known by an address alone gets the name that is told with it
5. no consent comes with a guest
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.segments.commands.guests.contacts import add_point
from services.segments.commands.guests.make import NewGuest, add_guest, alike, publish_made
from services.segments.commands.guests.noting import note
from services.segments.rules.contact_points import identifies
from services.segments.rules.guests import Guest
from services.segments.rules.identity import Key, Sought, is_unnamed, name_birth_of, resolve
from services.segments.rules.names import Name
from services.segments.store.guests.guests import await_turn, change_guests, load_guests, lock_guests, of_hotels
from services.segments.store.guests.points import Duplicate, file_duplicates, load_keys, load_points, points_of
from services.segments.store.guests.removed_points import load_removed
from services.segments.store.guests.rights import restricted_among
from services.segments.store.guests.tombstones import standing_as
from shared.access.people import Person
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.couples import names_two


@dataclass(frozen=True)
class TakenIn:
    """`is_new`: the guest was made. `added`: a known guest has an address or number more."""

    guest_id: UUID
    is_new: bool
    added: bool = False


def take_in(
    tx: Tx, told: Sequence[NewGuest], by: Person, at: datetime, agency_domains: frozenset[str]
) -> list[TakenIn]:
    """In the order of `told`; who is told of twice is known the second time."""
    await_turn(tx)
    found: list[TakenIn] = []
    made: set[UUID] = set()
    changed: set[UUID] = set()
    for new in told:
        known, new = _whose(tx, new, by, at)
        if known is None:
            changed |= add_guest(tx, new, alike(tx, new), at, agency_domains)
            made.add(new.guest_id)
            note(tx, new.guest_id, "guest.made", by, {"property": new.hotel}, at)
            found.append(TakenIn(new.guest_id, is_new=True))
            continue
        if known.id in made:  # they are published as they were made before they change
            publish_made(tx, made, changed, at)
            made, changed = set(), set()
        found.append(TakenIn(known.id, is_new=False, added=_complete(tx, known, new, by, at, agency_domains)))
    if made:
        publish_made(tx, made, changed, at)
    return found


def _whose(tx: Tx, new: NewGuest, by: Person, at: datetime) -> tuple[Guest | None, NewGuest]:
    """Who it is; None with whom to make. A guest who was made by the same words and erased since is not made again
    under their number.
    """
    while standing := standing_as(tx, new.guest_id):
        if not standing.is_erased:
            return load_guests(tx, [standing.guest_id])[standing.guest_id], new
        new = replace(new, key=make_id("guest", new.guest_id, "again"))
    return _fitting(tx, new, by, at), new


def _fitting(tx: Tx, new: NewGuest, by: Person, at: datetime) -> Guest | None:
    """The known guest; who else fits is filed beside them."""
    offers = list(_offers(tx, new))
    among = load_guests(tx, {id for _, ids in offers for id in ids})
    seen = among.keys() if by.scope.everywhere else of_hotels(tx, among.keys(), by.scope)
    values = new.values
    given, family = values["given_name"], values["family_name"]
    sought = Sought(Name(given, family), values["birth_date"], names_two(given, family, values["title"]))
    match = resolve(sought, [(key, [id for id in ids if id in among and id in seen]) for key, ids in offers], among)
    if match.guest_id is None:
        return None
    file_duplicates(
        tx,
        [
            Duplicate(match.guest_id, one.guest_id, str(one.key), new.source, one.likeness.score, one.likeness.reasons)
            for one in match.others
        ],
        at,
    )
    return among[match.guest_id]


def _offers(tx: Tx, new: NewGuest) -> Iterator[tuple[Key, set[UUID]]]:
    """Who has each key, the strongest first; an address that was taken from a guest still finds them."""
    for point in sorted(new.points, key=lambda point: point.channel != Channel.EMAIL):
        indexes = tx.keyring.indexes(point.channel, point.address)
        owners = {
            guest
            for known in load_points(tx, indexes).values()
            if point.identifies and identifies(known.kind, known.fault)
            for guest in known.guests
        }
        key = Key.EMAIL if point.channel == Channel.EMAIL else Key.PHONE
        yield key, owners.union(*load_removed(tx, indexes).values())
    values = new.values
    if born := name_birth_of(values["given_name"], values["family_name"], values["birth_date"]):
        yield Key.NAME_BIRTH, set[UUID]().union(*load_keys(tx, tx.keyring.indexes("name_birth", born)).values())


def _lacks_the_name(known: Guest, new: NewGuest) -> bool:
    told = Name(new.values["given_name"], new.values["family_name"])
    return is_unnamed(known.name) and not known.heard and not is_unnamed(told)


def _name(tx: Tx, guest_id: UUID, new: NewGuest, at: datetime) -> None:
    """A guest who was known by an address alone gets the name that is told with it."""
    lock_guests(tx, [guest_id])
    named = {name: new.values[name] for name in ("given_name", "family_name")}
    change_guests(tx, [replace(load_guests(tx, [guest_id])[guest_id], **named)], at)
    publish_made(tx, (), [guest_id], at)


def _complete(tx: Tx, known: Guest, new: NewGuest, by: Person, at: datetime, agency_domains: frozenset[str]) -> bool:
    """Whether something was added; whose data are restricted stays as they are."""
    if restricted_among(tx, [known.id]):
        return False
    added = False
    if _lacks_the_name(known, new):
        _name(tx, known.id, new, at)
        added = True
    for point in new.points:
        indexes = tx.keyring.indexes(point.channel, point.address)
        theirs = points_of(tx, [known.id]).get(known.id, set())
        if theirs.isdisjoint(indexes) and known.id not in set[UUID]().union(*load_removed(tx, indexes).values()):
            version = load_guests(tx, [known.id])[known.id].version
            add_point(tx, known.id, version, point, by, at, agency_domains)
            added = True
    return added
