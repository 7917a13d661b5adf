"""A row of reservations or of a list made ready for the intake."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import TypeAlias
from uuid import UUID

from services.segments.commands.reservations.row_codec import hash_of
from services.segments.rules.people.contact_points import Point, email_points, phone_points
from services.segments.rules.people.contacts import Contact, StatedRow
from services.segments.rules.people.identity import Key, name_birth
from services.segments.rules.reservations import Reservation, booked_at
from shared.database.pool import Tx
from shared.localtime import local_instant
from shared.rows import row
from shared.vocabulary.couples import names_two


@row
class PreparedRow:
    """A row with its addresses classed, and the blind indexes of these and of its key.

    `number`: the id of the first stay of its number. `is_couple`: it names two people, so that no birth date is kept of
    it. `older`: what else each of these indexes may be known by, while a key of the index is being turned.
    `company_id`: the account of the company that it names.
    """

    row: Reservation
    zone: str
    number: UUID
    said_at: datetime
    hash: bytes
    is_couple: bool
    points: tuple[tuple[Key, str, Point], ...]
    name_birth: str | None
    older: dict[str, list[str]]
    company_id: UUID | None = None


@row
class PreparedContact:
    """The same of a row of a list; `number` is the row's own id, by which it is known when it comes again."""

    row: Contact
    zone: str
    number: UUID
    said_at: datetime
    hash: bytes
    is_couple: bool
    points: tuple[tuple[Key, str, Point], ...]
    name_birth: str | None
    older: dict[str, list[str]]


ReadyRow: TypeAlias = PreparedRow | PreparedContact


@row
class MarkedRow:
    """A row as it waits: with the id of its number and its digest."""

    row: StatedRow
    number: UUID
    hash: bytes


def marked(row: StatedRow) -> MarkedRow:
    return MarkedRow(row, row.key().stay_id(), hash_of(row))


def prepare_row(tx: Tx, waiting: MarkedRow, zone: str, country: str, agency_domains: frozenset[str]) -> ReadyRow:
    """`zone`, `country`: the hotel's."""
    points: list[tuple[Key, str, Point]] = []
    older: dict[str, list[str]] = {}
    row, number, digest = waiting.row, waiting.number, waiting.hash
    if is_couple := names_two(row.given_name, row.family_name, row.title):
        row = replace(row, birth_date=None)
    for email in email_points(row.email, agency_domains) if row.email else ():
        points.append((Key.EMAIL, _indexed(tx, "email", email.address, older), email))
    for phone in phone_points(row.phone, row.country, country) if row.phone else ():
        points.append((Key.PHONE, _indexed(tx, "sms", phone.address, older), phone))
    key = name_birth(row)
    index = _indexed(tx, "name_birth", key, older) if key else None
    if isinstance(row, Contact):
        said_at = min(local_instant(row.signed_on, time(12), zone), row.handed_in_at) if row.signed_on else None
        return PreparedContact(
            row, zone, number, said_at or row.handed_in_at, digest, is_couple, tuple(points), index, older
        )
    return PreparedRow(row, zone, number, booked_at(row, zone), digest, is_couple, tuple(points), index, older)


def _indexed(tx: Tx, kind: str, value: str, older: dict[str, list[str]]) -> str:
    newest, *others = tx.keyring.indexes(kind, value)
    if others:
        older[newest] = others
    return newest
