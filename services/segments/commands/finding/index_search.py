"""Write by what guests are found, a moment after something of them changed, in sets.

Triggers note who changed (`guest_search_due`), in the transaction of the change and whichever way it came: an import, a
correction, a merge, a merge taken back. This takes the notes and writes each guest's row anew from what is there. It
dies at any line and takes them again. Whoever is being changed right now is left for the next time, so nobody waits for
anybody; and whoever is erased has no row, since the guest is held while it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import structlog

from services.segments.rules.search import parts
from services.segments.rules.search.spellings import piece, pieces_of_word, words_of_name
from services.segments.store.finding import search_rows as store
from services.segments.store.finding.search_rows import Findable
from services.segments.store.guests.guests import await_turn
from shared.crypto.purposes import Indexing, Sealing
from shared.crypto.sealing import CannotOpen, KeyRing
from shared.database.pool import Tx

AT_ONCE = 5_000  # changes
FIRST = UUID(int=0)

log = structlog.get_logger()


def index_next(tx: Tx) -> int:
    """How many changes were taken up."""
    due = store.take_due(tx, AT_ONCE)
    held, in_use = store.hold(tx, due)
    store.put_back(tx, in_use)
    _write(tx, held)
    return len(held)


def index_search_again(tx: Tx, after: UUID, most: int) -> tuple[UUID | None, int]:
    """The next guests whose row was made under another key than the one in use; as `index_points_again`."""
    await_turn(tx)
    guests = store.under_another_key(tx, tx.keyring.names(Indexing.POINT)[0], after, most)
    held, in_use = store.hold(tx, guests)
    store.put_back(tx, in_use)
    _write(tx, held)
    return (guests[-1] if guests else None), len(held)


def _write(tx: Tx, guests: list[UUID]) -> None:
    if guests:
        key = tx.keyring.names(Indexing.POINT)[0]
        rows = [(guest.id, key, sorted(pieces_of(guest, tx.keyring))) for guest in store.findable(tx, guests)]
        store.replace_rows(tx, guests, rows)


def pieces_of(guest: Findable, keyring: KeyRing) -> set[int]:
    found = {parts.hotel_piece(hotel) for hotel in (guest.home_property, *(hotel for hotel, _ in guest.stays)) if hotel}
    for given, family in guest.names:
        for word in words_of_name(given, family):
            found |= pieces_of_word(word)
    for _, reservation in guest.stays:
        found.update(piece("#", part) for part in parts.pieces_of_number(parts.plain_number(reservation)))
    for channel, sealed in guest.points:
        try:
            found.update(_pieces_of_point(channel, keyring.open(sealed, Sealing.CONTACT), keyring))
        except CannotOpen:
            log.warning("a contact point cannot be opened: its guest is not found by it", guest=str(guest.id))
    return found


def _pieces_of_point(channel: str, address: str, keyring: KeyRing) -> Iterator[int]:
    if channel == "email":
        yield from (keyring.piece("email_part", part) for part in parts.beginnings_of(address))
    else:
        yield from (keyring.piece("sms_part", part) for part in parts.endings_of(address))
