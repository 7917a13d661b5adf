"""Correct what is known of a guest: an override that no import undoes, with its history, until it is taken back.

Each publishes the guest's new state and evaluates their segments again. The audit trail names the fields, never what
they held. Done twice, the second does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.segments.commands.guests.noting import note, publish_and_evaluate
from services.segments.commands.guests.rights import refuse_restricted
from services.segments.rules.people.corrections import (
    Field,
    Values,
    corrected,
    is_corrected,
    taken_back,
    text_of,
    value_of,
)
from services.segments.rules.people.guests import Guest, as_heard
from services.segments.rules.people.identity import name_birth_of
from services.segments.store.guests import corrections as store
from services.segments.store.guests.guests import await_turn, change_guests, load_guests
from services.segments.store.properties import property_zones
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, NotFound


def correct(tx: Tx, guest_id: UUID, version: int, wanted: Values, by: Person | str, at: datetime) -> None:
    """`version`: of the guest as the person saw it. Raises `Conflict` where the guest was changed since."""
    guest = locked_guest(tx, guest_id)
    changes = {field: values for field, values in wanted.items() if value_of(guest, field) != values}
    if not changes:
        return
    if guest.version != version:
        raise Conflict()
    _apply(tx, guest, changes, by, at)
    publish_and_evaluate(tx, [guest_id], at)
    note(tx, guest_id, "guest.corrected", by, {"fields": sorted(changes)}, at)


def take_back(tx: Tx, guest_id: UUID, version: int, field: Field, by: Person | str, at: datetime) -> None:
    """The field has again what the hotel's system states."""
    guest = locked_guest(tx, guest_id)
    if not is_corrected(guest, field):
        return
    if guest.version != version:
        raise Conflict()
    after = taken_back(guest, field)
    keep_history(tx, guest_id, field, _texts(value_of(guest, field), value_of(after, field)), by, at, back=True)
    _write(tx, guest, after, at)
    publish_and_evaluate(tx, [guest_id], at)
    note(tx, guest_id, "guest.correction_taken_back", by, {"fields": [field]}, at)


def apply_language(tx: Tx, guest_id: UUID, language: str | None, by: Person | str, at: datetime) -> None:
    """The language alone, as the front desk notes it; published by the caller."""
    _apply(tx, locked_guest(tx, guest_id), {Field.LANGUAGE: (language,)}, by, at)


def locked_guest(tx: Tx, guest_id: UUID) -> Guest:
    """No row of a reservation is entered meanwhile."""
    await_turn(tx)
    found = load_guests(tx, [guest_id]).get(guest_id)
    if found is None:
        raise NotFound("There is no such guest.")
    refuse_restricted(tx, guest_id)
    return found


def keep_history(
    tx: Tx, guest_id: UUID, field: str, texts: Mapping[str, Any], by: Person | str, at: datetime, *, back: bool = False
) -> None:
    """`texts`: was and became, or was_sealed and became_sealed."""
    keep_history_of(tx, [store.Corrected(guest_id, field, taken_back=back, **texts)], by, at)


def keep_history_of(tx: Tx, lines: Sequence[store.Corrected], by: Person | str, at: datetime) -> None:
    name, role = (by, "") if isinstance(by, str) else (by.name, str(by.role))
    store.keep_corrections(tx, lines, name, role, at)


def _apply(tx: Tx, guest: Guest, changes: Values, by: Person | str, at: datetime) -> None:
    zone = property_zones(tx).get(guest.home_property or "", guest.home_zone)
    after = guest
    for field, values in changes.items():
        keep_history(tx, guest.id, field, _texts(value_of(guest, field), values), by, at)
        after = corrected(after, field, values, zone)
    _write(tx, guest, after, at)


def _write(tx: Tx, before: Guest, after: Guest, at: datetime) -> None:
    change_guests(tx, [replace(after, version=before.version + 1)], at)
    was, stated, key = _key(tx, before), _key(tx, as_heard(before)), _key(tx, after)
    store.change_key(tx, after.id, was=was if was not in (stated, key) else None, key=key)


def _key(tx: Tx, guest: Guest) -> str | None:
    key = name_birth_of(guest.given_name, guest.family_name, guest.birth_date)
    return tx.keyring.index("name_birth", key) if key else None


def _texts(was: tuple[Any, ...], became: tuple[Any, ...]) -> dict[str, str]:
    return {"was": text_of(was), "became": text_of(became)}
