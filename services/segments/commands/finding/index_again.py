"""While a key of the index is being turned: contact points and keys of guests go by the key in use, in sets.

Whoever enters reservations waits meanwhile. Guests on these points are published one version further, and each point
tells what it was known by: so subscribers find what they keep of it, objections above all, and move it along.
"""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.publish_states import publish_guests
from services.segments.rules.people.identity import name_birth_of
from services.segments.store.finding import indexing as store
from services.segments.store.guests.guests import await_turn, next_versions
from shared.crypto.purposes import Indexing, Sealing
from shared.database.pool import Tx
from shared.events import Lane

FIRST_KEY = ("", "00000000-0000-0000-0000-000000000000")


def index_points_again(tx: Tx, after: str, most: int, at: datetime) -> tuple[str | None, int]:
    """The next `most` contact points by their index. The last one looked at, None where there was none left, and how
    many moved.
    """
    await_turn(tx)
    found = store.points_after(tx, after, most)
    moves = {}
    for point, channel, address in found:
        if not tx.keyring.is_newest(Indexing.POINT, point):
            moves[point] = tx.keyring.index(channel, tx.keyring.open(address, Sealing.CONTACT))
    if moves:
        store.move_points(tx, moves)
        guests = store.guests_on(tx, list(moves.values()))
        next_versions(tx, guests, at)
        publish_guests(tx, guests, at, Lane.MARKETING)
    return (found[-1][0] if found else None), len(moves)


def index_keys_again(tx: Tx, after: tuple[str, str], most: int) -> tuple[tuple[str, str] | None, int]:
    """As `index_points_again`, for the keys of name and birth date. A name that a guest no longer has stays as it is:
    it is looked up under its older key.
    """
    await_turn(tx)
    found = store.keys_after(tx, after, most)
    moves = []
    for key, guest_id, given_name, family_name, birth_date in found:
        normalised = name_birth_of(given_name, family_name, birth_date)
        newest, *older = tx.keyring.indexes("name_birth", normalised) if normalised else (key,)
        if key in older:
            moves.append((key, newest, guest_id))
    store.move_keys(tx, moves)
    return ((found[-1][0], found[-1][1]) if found else None), len(moves)
