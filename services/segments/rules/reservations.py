"""A reservation as a source states it, and what happened to it at which instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from uuid import UUID

from shared.ids import make_id
from shared.localtime import local_instant
from shared.rows import row
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus


@row
class Reservation:
    """One row of a source, parsed; what the source leaves open is None. `country`: alpha-2. `status_at`: the instant of
    the status, where the source gives more than its day: midnight at the hotel is a day. `tags`, `wishes`: of the
    guest; a wish is a line, with the name of its column before it where it has one.
    `companions`: a name a line. `days`: of the house's own dates, each with its key.
    """

    source: str
    property: str
    reservation: str
    status: StayStatus
    status_date: date
    booked_on: date
    arrival: date
    departure: date
    room_type: str | None = None
    rate_plan: str | None = None
    adults: int | None = None
    children: int | None = None
    channel: str | None = None
    market_segment: str | None = None
    rate: Decimal | None = None
    revenue: Decimal | None = None
    currency: str | None = None
    title: str | None = None
    given_name: str = ""
    family_name: str = ""
    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None
    language: str | None = None
    country: str | None = None
    tier: str | None = None
    email_consent: ClaimedConsent | None = None
    sms_consent: ClaimedConsent | None = None
    status_at: datetime | None = None
    tags: tuple[str, ...] | None = None
    wishes: tuple[str, ...] | None = None
    companions: str | None = None
    company: str | None = None
    whatsapp_consent: ClaimedConsent | None = None
    days: tuple[str, ...] | None = None

    def ref(self) -> str:
        """The number as people read it, with its hotel where it does not name it: alone it is several hotels'."""
        if self.reservation.startswith(self.property):
            return self.reservation
        return f"{self.reservation} ({self.property})"

    def key(self) -> StayKey:
        return StayKey(self.source, self.property, self.reservation)


@dataclass(frozen=True, order=True)
class StayKey:
    """How a source names a stay."""

    source: str
    property: str
    reservation: str

    def stay_id(self) -> UUID:
        return make_id("stay", self.source, self.property, self.reservation)

    def guest_id(self) -> UUID:
        """The id of the guest whom this reservation makes, if it makes one."""
        return make_id("guest", self.source, self.property, self.reservation)


class Happening(IntEnum):
    """What happens to a stay, in the order in which it is applied at one instant."""

    BOOKED = 1
    CHANGED = 2
    CANCELLED = 3
    CHECKED_OUT = 4
    CHECKED_IN = 5
    NO_SHOW = 6


BOOKED_AT = CANCELLED_AT = time(6)
CHECKED_OUT_AT = time(12)
CHECKED_IN_AT = time(15)
CHECKED_IN_FOR_THE_DAY_AT = time(11)
NO_SHOW_AT = time(23)


_instant = lru_cache(maxsize=20_000)(local_instant)  # the same few hours of the same few days, row after row


def booked_at(row: Reservation, zone: str) -> datetime:
    return _instant(row.booked_on, BOOKED_AT, zone)


def checked_in_at(row: Reservation, zone: str) -> datetime:
    """15:00 of the arrival, or 11:00 where the stay ends that day; the instant that is given, where one is."""
    if row.status is StayStatus.CHECKED_IN and row.status_at:
        return row.status_at
    ends_that_day = row.status is StayStatus.CHECKED_OUT and row.status_date == row.arrival
    return _instant(row.arrival, CHECKED_IN_FOR_THE_DAY_AT if ends_that_day else CHECKED_IN_AT, zone)


def happenings(row: Reservation, zone: str) -> list[tuple[datetime, Happening]]:
    """All that happened by a row, in order: where the source gives days only, at the hours the trade keeps."""
    found = [(booked_at(row, zone), Happening.BOOKED)]
    if row.status is StayStatus.CANCELLED:
        found.append((_happened_at(row, CANCELLED_AT, zone), Happening.CANCELLED))
    elif row.status is StayStatus.NO_SHOW:
        found.append((_happened_at(row, NO_SHOW_AT, zone), Happening.NO_SHOW))
    elif row.status in (StayStatus.CHECKED_IN, StayStatus.CHECKED_OUT):
        found.append((checked_in_at(row, zone), Happening.CHECKED_IN))
        if row.status is StayStatus.CHECKED_OUT:
            found.append((_happened_at(row, CHECKED_OUT_AT, zone), Happening.CHECKED_OUT))
    return _in_order(found) if row.status_at else found


def _happened_at(row: Reservation, hour: time, zone: str) -> datetime:
    return row.status_at or _instant(row.status_date, hour, zone)


def _in_order(found: Sequence[tuple[datetime, Happening]]) -> list[tuple[datetime, Happening]]:
    """An hour that the trade keeps gives way to an instant that is told: nothing happens after what followed it."""
    last = found[-1][0]
    return [(min(at, last), kind) for at, kind in found]


def as_booked(row: Reservation) -> Reservation:
    """The row as it stood on the day of booking."""
    return replace(row, status=StayStatus.BOOKED, status_date=row.booked_on, status_at=None)
