"""Rows of guests who were erased, known again by keyed hashes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.segments.commands.reservations.prepared import ReadyRow
from services.segments.rules.people.contacts import Contact
from services.segments.rules.people.identity import name_birth
from services.segments.store.guests.erasures import ErasedKey, any_keys, entity_of_hotels, keys_under
from shared.database.pool import Tx
from shared.personal_data.known_again import hashes_of_name, hashes_of_point, hashes_of_reservation


def erased_rows(tx: Tx, prepared_rows: Sequence[ReadyRow]) -> dict[bytes, UUID]:
    """By row the tombstone of whose row it is: a reservation that was known, or one with the guest's address, number,
    or name and birth date that was booked until the day of the erasure. What is booked later is another beginning: a
    new guest, whom messaging spares advertising and surveys. A list that says no day is taken to be older.
    """
    if not any_keys(tx):
        return {}
    entities = entity_of_hotels(tx)
    hashes = {one.hash: _hashes(tx, one, entities[one.row.property]) for one in prepared_rows}
    known = keys_under(tx, {each for of_row in hashes.values() for each in of_row})
    found: dict[bytes, UUID] = {}
    for prepared in prepared_rows:
        for one in hashes[prepared.hash]:
            if (erased := known.get(one)) and _is_meant(erased, prepared):
                found.setdefault(prepared.hash, erased.guest_id)
    return found


def _is_meant(erased: ErasedKey, prepared: ReadyRow) -> bool:
    is_undated = isinstance(prepared.row, Contact) and prepared.row.signed_on is None
    return is_undated or erased.kind == "reservation" or prepared.said_at <= erased.erased_at


def _hashes(tx: Tx, prepared: ReadyRow, entity: str) -> list[str]:
    """Under every erasure key, what is the surest first."""
    row = prepared.row
    found = hashes_of_reservation(tx.keyring, entity, row.source, row.property, row.reservation)
    for _, _, point in prepared.points:
        if point.identifies:
            for address in (point.address, *([point.form] if point.form else [])):
                found += hashes_of_point(tx.keyring, entity, point.channel, address)
    if born := name_birth(row):
        found += hashes_of_name(tx.keyring, entity, born)
    return found
