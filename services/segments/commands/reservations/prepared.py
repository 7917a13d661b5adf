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
    """A row with its addresses classed, and the blind indexes of these and of its key."""

    row: Reservation
    zone: str
    stay_id: UUID
    said_at: datetime
    hash: bytes
    points: tuple[tuple[Key, str, Point], ...]
    name_birth: str | None


def prepare_row(tx: Tx, row: Reservation, zone: str, agency_domains: frozenset[str]) -> PreparedRow:
    points = []
    if row.email and (email := email_point(row.email, agency_domains)):
        points.append((Key.EMAIL, tx.keyring.index("email", email.address), email))
    if row.phone and (phone := phone_point(row.phone, row.country)):
        points.append((Key.PHONE, tx.keyring.index("sms", phone.address), phone))
    key = name_birth(row)
    index = tx.keyring.index("name_birth", key) if key else None
    return PreparedRow(row, zone, row.key().stay_id(), booked_at(row, zone), hash_of(row), tuple(points), index)
