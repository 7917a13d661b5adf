"""Book stays: reservations as a source states them, new or changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.segments.commands.reservations.enter import Entered, EntryOptions, enter
from services.segments.rules.reservations import Reservation, as_booked
from shared.database.pool import Tx


def book(tx: Tx, rows: Sequence[Reservation], at: datetime, *, agency_domains: frozenset[str] = frozenset()) -> Entered:
    """Enters bookings. An unchanged row does nothing; a changed one amends its stay, which keeps its status.

    Raises `InputError` for a property nobody knows.
    """
    options = EntryOptions(booking_only=True, initial=False, lane=None, agency_domains=agency_domains)
    return enter(tx, [as_booked(row) for row in rows], at, options)
