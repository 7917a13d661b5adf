"""Hold restored databases to the list of erasures, before any of their roles starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from guestloop.composition.services import MANIFESTS, Group
from services.messaging.commands.consents.of_the_erased import WITH_THE_ERASURE, keep_objections
from services.segments.commands.guests.erase import erase_again
from services.segments.store.guests.erasures import Erasure, erasures_of
from shared.bus.subscriptions import Handler, Subscription
from shared.events.dictionary import Chunk, chunk_of
from shared.events.segments.guests import GuestErased
from shared.events.wire import decode, encode
from shared.personal_data.erasures import Erasures, Listed
from shared.personal_data.forget import ERASED

AT_ONCE = 500
CHANNELS = ("email", "sms")


def erase_what_was_erased(group: Group, erasures: Erasures, at: datetime) -> int:
    """Erases in every service the guests whom the list names: a backup may have brought them back. Done again it
    changes nothing. How many guests segments had back.

    What the services publish of it goes out once their roles run.
    """
    again = 0
    for listed in erasures.listed:
        with group.database("segments").transaction() as tx:
            again += len(erase_again(tx, listed, at))
        _keep_objections(group, listed)
    guests = sorted({guest for listed in erasures.listed for guest in listed.guests})
    for start in range(0, len(guests), AT_ONCE):
        chunk = _events(group, guests[start : start + AT_ONCE])
        for manifest in MANIFESTS:
            for handler in _handlers(manifest.subscriptions):
                with group.database(manifest.name).transaction() as tx:
                    handler(tx, chunk, at)
    return again


def _keep_objections(group: Group, listed: Listed) -> None:
    """Messaging's backup may be older than the guest: what they objected to comes from the list."""
    rows = [(known, kind, purpose) for kind, known in listed.keys if kind in CHANNELS for purpose in WITH_THE_ERASURE]
    with group.database("messaging").transaction() as tx:
        keep_objections(tx, rows, listed.at)


def _events(group: Group, guests: Sequence[UUID]) -> Chunk:
    with group.database("segments").transaction() as tx:
        done: Mapping[UUID, Erasure] = {one.guest_id: one for one in erasures_of(tx, guests)}
    subjects = [
        GuestErased(guest_id=guest, version=done[guest].version, occurred_at=done[guest].erased_at) for guest in guests
    ]
    return decode(ERASED, encode(chunk_of(subjects)))  # as a handler gets it


def _handlers(subscriptions: Sequence[Subscription]) -> Iterator[Handler]:
    for subscription in subscriptions:
        if ERASED in subscription.handlers:
            yield subscription.handlers[ERASED]
