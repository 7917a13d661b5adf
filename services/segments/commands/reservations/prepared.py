"""A row of reservations made ready for the intake."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.segments.commands.reservations.row_codec import hash_of
from services.segments.rules.contact_points import Point, email_point, phone_point
from services.segments.rules.identity import Key, name_birth
from services.segments.rules.reservations import Reservation, booked_at
from shared.database.pool import Tx
from shared.rows import row


@row
class PreparedRow:
    """A row with its addresses classed, and the blind indexes of these and of its key.

    `older`: what else each of these indexes may be known by, while a key of the index is being turned.
    """

    row: Reservation
    zone: str
    stay_id: UUID
    said_at: datetime
    hash: bytes
    points: tuple[tuple[Key, str, Point], ...]
    name_birth: str | None
    older: dict[str, list[str]]


def prepare_row(tx: Tx, row: Reservation, zone: str, agency_domains: frozenset[str]) -> PreparedRow:
    points: list[tuple[Key, str, Point]] = []
    older: dict[str, list[str]] = {}
    if row.email and (email := email_point(row.email, agency_domains)):
        points.append((Key.EMAIL, _indexed(tx, "email", email.address, older), email))
    if row.phone and (phone := phone_point(row.phone, row.country)):
        points.append((Key.PHONE, _indexed(tx, "sms", phone.address, older), phone))
    key = name_birth(row)
    index = _indexed(tx, "name_birth", key, older) if key else None
    return PreparedRow(row, zone, row.key().stay_id(), booked_at(row, zone), hash_of(row), tuple(points), index, older)


def _indexed(tx: Tx, kind: str, value: str, older: dict[str, list[str]]) -> str:
    newest, *others = tx.keyring.indexes(kind, value)
    if others:
        older[newest] = others
    return newest
