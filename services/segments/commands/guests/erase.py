"""A guest is erased: with all who were merged with them, for good.

1. what leads to the guest is kept as keyed hashes, so that an import knows their rows again
2. the tombstones; from here on nothing of the guest is written anew
3. everybody leaves every segment, so that sizes stay right; the rows and the events go
4. guest.erased is published, on which the other services do the same; and of each stay what is left, for sums

Stays stay, without a reservation number and without a guest: the hotel's figures are what they were.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.rights import refuse_restricted
from services.segments.commands.publish_states import publish_kept
from services.segments.personal_data import PERSONAL_DATA
from services.segments.queries.present_state import kept_stays_of
from services.segments.rules.people.identity import name_birth_of
from services.segments.store.guests import erasures as store
from services.segments.store.guests.erasures import ErasedKey, Erasure, Known
from services.segments.store.guests.guests import await_turn
from services.segments.store.guests.rights import restricted_among
from shared.access.audit import record
from shared.access.people import Person
from shared.bus.erasing import wait_for_handlers
from shared.bus.outbox import publish
from shared.database.pool import Database, Tx
from shared.errors import NotFound
from shared.events import chunk_of
from shared.events.segments.guests import GuestErased
from shared.personal_data.erasures import ErasureList, Listed
from shared.personal_data.forget import forget
from shared.personal_data.known_again import hashes_of_name, hashes_of_point, hashes_of_reservation

ASKED, TERM = "asked", "term"


@dataclass(frozen=True)
class Consequence:
    """What an erasure would concern, in numbers. `guests`: the guest, and those merged with them."""

    guests: tuple[UUID, ...]
    stays: int
    points: int
    messages: int


def consequence_of(tx: Tx, guest_id: UUID) -> Consequence:
    """Raises `NotFound`."""
    guests = store.same_guest(tx, guest_id)
    if not guests:
        raise NotFound("There is no such guest.")
    return Consequence(tuple(guests), *store.count_of(tx, guests))


def erase_for_good(
    database: Database, guest_id: UUID, by: Person | str, at: datetime, erasures: ErasureList
) -> list[Erasure]:
    """`erase_guest`, listed first where no backup of a database reaches: no erasure is missing there, and one that
    stands there and was not done is done when the person asks again, or by `guestloop restored`. The list may lie far
    away, so it is written while no transaction is open; where the guest has changed meanwhile, once more.

    Raises `NotFound`, `SettingError` or `StoreSilent`: then nobody is erased.
    """
    listed: Listed | None = None

    def expect(wanted: Listed) -> None:
        if listed is None or not listed.covers(wanted):
            raise _NotListed(wanted)

    while True:
        try:
            with database.transaction() as tx:
                return erase_guest(tx, guest_id, by, at, expect)
        except _NotListed as error:
            erasures.append(error.wanted)
            listed = error.wanted


class _NotListed(Exception):
    def __init__(self, wanted: Listed) -> None:
        super().__init__()
        self.wanted = wanted


def erase_guest(
    tx: Tx, guest_id: UUID, by: Person | str, at: datetime, note: Callable[[Listed], None]
) -> list[Erasure]:
    """Erases a guest and all merged with them; done again, it changes nothing. `note` is told what is to stand on the
    list of erasures before anything is written; where it raises, nobody is erased.

    Raises `NotFound`.
    """
    await_turn(tx)
    wait_for_handlers(tx)
    guests = store.same_guest(tx, guest_id)
    if not guests:
        raise NotFound("There is no such guest.")
    if len(known := store.erasures_of(tx, guests)) == len(guests):
        return known
    for each in sorted(guests):
        refuse_restricted(tx, each)
    keys = [key for one in store.known_of(tx, guests) for key in _keys(tx, one, guests[0], at)]
    note(Listed(at, tuple(guests), tuple(sorted({(key.kind, key.hash) for key in keys}))))
    record(tx, by, "guest.erased", f"guest {guest_id}", {"guests": len(guests)}, at)
    return _erase(tx, guests, keys, at)


def erase_again(tx: Tx, listed: Listed, at: datetime) -> list[UUID]:
    """What the list of erasures says and this database, restored from before, does not know. Whom it erased."""
    await_turn(tx)
    wait_for_handlers(tx)
    missing = sorted(set(listed.guests) - {one.guest_id for one in store.erasures_of(tx, listed.guests)})
    keys = [ErasedKey(hash, kind, listed.guests[0], listed.at) for kind, hash in listed.keys]
    if missing:
        _erase(tx, missing, keys, at)
    else:
        store.keep_keys(tx, keys)
    return missing


def erase_by_term(tx: Tx, guests: Sequence[UUID], objecting: Collection[UUID], at: datetime) -> int:
    """Erases guests whose term is over and all merged with them. Their reservations are known again, so that an export
    with the old rows does not bring them back; an address only of those `objecting`. Whose data are restricted stays.
    How many of `guests` are erased.

    No list outside the databases is written: what a backup brings back, the next night erases again.
    """
    await_turn(tx)
    wait_for_handlers(tx)
    everybody, keys = [], []
    groups = store.merged_groups(tx, guests)
    restricted = restricted_among(tx, [one for theirs in groups.values() for one in theirs])
    groups = {root: theirs for root, theirs in groups.items() if restricted.isdisjoint(theirs)}
    for root, theirs in groups.items():
        everybody += theirs
        known = [key for one in store.known_of(tx, theirs) for key in _keys(tx, one, root, at)]
        keys += known if root in objecting else [key for key in known if key.kind == "reservation"]
    if everybody:
        _erase(tx, everybody, keys, at, reason=TERM)
    return len(groups)


def _erase(
    tx: Tx, guests: Sequence[UUID], keys: Sequence[ErasedKey], at: datetime, reason: str = ASKED
) -> list[Erasure]:
    store.keep_keys(tx, keys)
    store.leave_shared_points(tx, guests)
    store.mark_erased(tx, guests, at, reason)
    evaluate_moved(tx, [Moved(guest, {"kind": "guest", "what": "guest.erased"}) for guest in sorted(guests)], at)
    done = store.erasures_of(tx, guests)
    forget(tx, PERSONAL_DATA, {one.guest_id: one.version for one in done}, at)
    erased = [
        GuestErased(guest_id=one.guest_id, version=one.version, occurred_at=one.erased_at, reason=reason)
        for one in done
    ]
    publish(tx, chunk_of(erased), at=at)
    publish_kept(tx, kept_stays_of(tx, guests), at)
    return done


def _keys(tx: Tx, known: Known, guest: UUID, at: datetime) -> list[ErasedKey]:
    """Each legal entity knows only its own guests again; a guest of no hotel is known to all."""
    entities = sorted({entity for *_, entity in known.stays}) or store.legal_entities(tx)
    hashes = [
        ("reservation", hashes_of_reservation(tx.keyring, entity, source, hotel, number)[0])
        for source, hotel, number, entity in known.stays
    ]
    born = name_birth_of(known.given_name, known.family_name, known.birth_date)
    addresses = [(channel, store.opened(tx, address)) for channel, address in known.points]
    for entity in entities:
        hashes += [(kind, hashes_of_point(tx.keyring, entity, kind, address)[0]) for kind, address in addresses]
        if born:
            hashes.append(("name_birth", hashes_of_name(tx.keyring, entity, born)[0]))
    return [ErasedKey(hash, kind, guest, at) for kind, hash in hashes]
