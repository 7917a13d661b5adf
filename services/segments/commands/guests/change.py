"""Change several things of a guest at once, as one person or program asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Literal
from uuid import UUID

from services.segments.commands.guests.care import Profile, change_profile
from services.segments.commands.guests.corrections import correct, locked_guest
from services.segments.rules.people.corrections import Field
from services.segments.rules.people.guests import Guest, is_placeholder
from services.segments.store.guests import care as store
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound


class Unsaid(Enum):
    """A field that a change leaves as it is; None empties it."""

    UNSAID = 0


UNSAID = Unsaid.UNSAID
Nothing = Literal[Unsaid.UNSAID]


@dataclass(frozen=True)
class Change:
    title: str | Nothing | None = UNSAID
    given_name: str | Nothing = UNSAID
    family_name: str | Nothing = UNSAID
    birth_date: date | Nothing | None = UNSAID
    language: str | Nothing | None = UNSAID
    country: str | Nothing | None = UNSAID
    tags: Sequence[str] | Nothing = UNSAID
    preference: str | Nothing | None = UNSAID


def change_guest(tx: Tx, guest_id: UUID, version: int, change: Change, by: Person | str, at: datetime) -> None:
    """`version`: of the guest as it was read. Raises `Conflict` where the guest was changed since and something would
    change, `InputError` naming the field.
    """
    guest = locked_guest(tx, guest_id)
    correct(tx, guest_id, version, _corrections(guest, change, at), by, at)
    noted = store.lock_noted(tx, guest_id)
    if noted is None:
        raise NotFound("There is no such guest.")
    sealed = store.preference_of(tx, guest_id)
    known = tx.keyring.open(sealed, Sealing.NOTE) if sealed else None
    wanted = Profile(
        noted.language,
        noted.tags if change.tags is UNSAID else change.tags,
        known if change.preference is UNSAID else change.preference,
    )
    if noted.version == guest.version != version and (wanted.preference, sorted(set(wanted.tags))) != (
        known,
        sorted(noted.tags),
    ):
        raise Conflict()
    change_profile(tx, guest_id, noted.version, wanted, by, at)


def _corrections(guest: Guest, change: Change, at: datetime) -> dict[Field, tuple[object, ...]]:
    found: dict[Field, tuple[object, ...]] = {}
    for field, value in (
        (Field.TITLE, change.title),
        (Field.BIRTH_DATE, change.birth_date),
        (Field.LANGUAGE, change.language),
        (Field.COUNTRY, change.country),
    ):
        if value is not UNSAID:
            found[field] = (value,)
    if change.given_name is not UNSAID or change.family_name is not UNSAID:
        given = guest.given_name if change.given_name is UNSAID else change.given_name
        family = guest.family_name if change.family_name is UNSAID else change.family_name
        if not given.strip() and not family.strip():
            raise InputError("This cannot be used.", {"/family_name": "A name is needed."})
        found[Field.NAME] = (given.strip(), family.strip())
    if isinstance(change.birth_date, date) and (change.birth_date > at.date() or is_placeholder(change.birth_date)):
        raise InputError("This cannot be used.", {"/birth_date": "Nobody's day of birth: leave it out."})
    return found
