"""A guest objects, or has the use of their data restricted; and what a restriction keeps from being done.

A guest with any of these rights is in no segment: to put somebody into one is to choose by what is known of them.
Restricted data are kept as they are: nothing is corrected, merged or erased until the restriction is lifted, since what
is disputed is what they say, or whether they may be kept.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.segments.commands.guests.noting import name_of, note, publish_and_evaluate
from services.segments.store.guests import rights as store
from services.segments.store.prediction import guests as predictions
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict, NotFound
from shared.vocabulary.right import Right


class Restricted(Conflict):
    """The guest's data are restricted: they are kept as they are until the restriction is lifted."""


def claim(
    tx: Tx, guest_id: UUID, right: Right, *, said_on: date, how: str, words: str, by: Person | str, at: datetime
) -> None:
    """`said_on`, `how`, `words`: when, where and in which words the guest said so. A right that stands stays as it was
    claimed.
    """
    if right in _standing(tx, guest_id):
        return
    sealed = tx.keyring.seal(words, Sealing.NOTE) if words else None
    told = {"guest": guest_id, "right": str(right), "said_on": said_on, "how": how, "words": sealed}
    store.add(tx, {**told, "by": name_of(by), "at": at})
    predictions.forget(tx, guest_id)
    publish_and_evaluate(tx, [guest_id], at)
    note(tx, guest_id, "guest.right_claimed", by, {"right": str(right), "how": how}, at)


def lift(tx: Tx, guest_id: UUID, right: Right, by: Person | str, at: datetime) -> None:
    """It no longer holds. Consents are what they were."""
    if right not in _standing(tx, guest_id):
        return
    store.lift(tx, {"guest": guest_id, "right": str(right), "by": name_of(by), "at": at})
    publish_and_evaluate(tx, [guest_id], at)
    note(tx, guest_id, "guest.right_lifted", by, {"right": str(right)}, at)


def refuse_restricted(tx: Tx, guest_id: UUID) -> None:
    """Raises `Restricted`."""
    if Right.RESTRICTED in (store.lock_rights(tx, guest_id) or ()):
        raise Restricted()


def _standing(tx: Tx, guest_id: UUID) -> list[str]:
    found = store.lock_rights(tx, guest_id)
    if found is None:
        raise NotFound("There is no such guest.")
    return found
