"""Ana, whom the gate's tests write to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tests.cast import ADDRESS
from tests.messaging.hotel import Hotel, email, guest, lisbon, stay

NUMBER = "+351920000657"
ALIAS = "ana.123@guest.booking.com"


def reached(hotel: Hotel, **more: Any) -> Any:
    """Ana with an address."""
    return guest(points=[email(hotel.keyring, ADDRESS)], **more)


def long_before(reservation: str = "LIS-000001") -> Any:
    """The stay a win-back rests on, with the property heard of an hour ago."""
    gone = datetime(2016, 3, 8, 12, tzinfo=UTC)
    return stay(reservation, arrival=date(2016, 3, 1), departure=date(2016, 3, 8), checked_out_at=gone)


def past(**more: Any) -> Any:
    return [lisbon(), long_before(), *more.values()]
