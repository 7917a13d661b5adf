"""What a service does when guests are erased, the same in each: rows, events, and the word to console.

The tombstone comes first and is the service's own; from then on nothing of the guest is written anew (see `passing`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from shared.bus.outbox import publish
from shared.bus.subscriptions import Handler, Subscription
from shared.database.pool import Tx
from shared.events.console import GuestForgotten
from shared.events.dictionary import Chunk, chunk_of_rows, event_type
from shared.personal_data.declaration import PersonalData
from shared.personal_data.erase import Counts, erase_rows, keys_of, together
from shared.personal_data.events import forget_events, forget_letters, is_needed, speaks_of_guests

ERASED = "guest.erased.v1"
ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Erased = Callable[[Tx, Collection[str]], set[UUID]]
"""Which of these guests are erased: the service's tombstones."""


def forget(tx: Tx, declared: PersonalData, guests: Mapping[UUID, int], at: datetime, *more: Counts) -> Chunk:
    """Erases what the service holds of guests who have their tombstone, and publishes guest.forgotten of each, also of
    those it knew nothing of.

    `guests`: each with the version of the erasure. `more`: rows the service counted by itself. What it published.
    """
    ids = sorted(guests)
    keys = keys_of(tx, declared, ids)
    counts = together(erase_rows(tx, declared, ids), forget_events(tx, ids, keys), *more)
    rows = [(guest, tx.service, guests[guest], at, counts.get(guest, {})) for guest in ids]
    said = chunk_of_rows(GuestForgotten, rows)
    publish(tx, said, at=at)
    return said


def guests_in(chunk: Chunk) -> dict[UUID, int]:
    """The guests of a chunk of guest.erased, each with the greatest version."""
    found: dict[UUID, int] = {}
    for guest, version in zip(chunk["guest_id"], chunk["version"], strict=True):
        found[UUID(str(guest))] = max(version, found.get(UUID(str(guest)), 0))
    return found


def passing(subscriptions: Iterable[Subscription], erased: Erased, declared: PersonalData) -> tuple[Subscription, ...]:
    """The same subscriptions, whose handlers leave nothing of an erased guest: late, repeated or replayed, an event
    about them is passed over, and of one that is needed (a message's outcome) only what names nobody stays.
    """
    return tuple(
        replace(
            one,
            handlers={name: _passing(name, of, erased, declared) for name, of in one.handlers.items()},
            after_dead_letters=partial(_forget_letters, erased),
        )
        if any(map(_is_about_guests, one.handlers))
        else one
        for one in subscriptions
    )


def _forget_letters(erased: Erased, tx: Tx, held: Sequence[bytes]) -> None:
    """What could not be handled, or not even be read, and comes after the erasure, as from a broker's dead queue."""
    named = {found.decode() for body in held for found in ID.findall(body)}
    if gone := erased(tx, sorted(named)):
        forget_letters(tx, gone)


def _is_about_guests(name: str) -> bool:
    return name != ERASED and speaks_of_guests(event_type(name))


def _passing(name: str, handler: Handler, erased: Erased, declared: PersonalData) -> Handler:
    if not _is_about_guests(name):
        return handler

    def handle(tx: Tx, chunk: Chunk, at: datetime) -> None:
        gone = erased(tx, sorted({str(guest) for guest in chunk["guest_id"] if guest is not None}))
        if gone and not is_needed(name):
            ids = {str(guest) for guest in gone}
            chunk = chunk.pick(place for place, guest in enumerate(chunk["guest_id"]) if str(guest) not in ids)
        if len(chunk):
            handler(tx, chunk, at)
        if gone and is_needed(name):
            erase_rows(tx, declared, gone)

    return handle
