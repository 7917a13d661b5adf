"""A stay: its fields, and from which status each change may move it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.segments.rules.people.guests import is_placeholder
from services.segments.rules.reservations import Happening, Reservation, happenings
from shared.localtime import local_date
from shared.rows import row
from shared.vocabulary.currency import rounded
from shared.vocabulary.stay import StayStatus


@row
class Stay:
    """A row of the table of that name.

    `again_of`: the first stay of this number, where the source gave the number once more to another stay.
    `told_birth`: whether the row states a birth date; None: it came before that was noted.
    `companions`: with whom the guest stays, a name a line.
    `company`: as the row states it; `company_id`: the account of that name.
    """

    id: UUID
    version: int
    source: str
    property: str
    reservation: str
    guest_id: UUID
    zone: str
    status: StayStatus
    booked_on: date
    booked_at: datetime
    arrival: date
    departure: date
    nights: int
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    checked_out_on: date | None
    ended_at: datetime | None
    ended_on: date | None
    adults: int | None
    children: int | None
    channel: str | None
    market_segment: str | None
    room_type: str | None
    rate_plan: str | None
    rate: Decimal | None
    revenue: Decimal | None
    currency: str | None
    lead_days: int
    muted: bool
    row_hash: bytes
    changed_at: datetime
    again_of: UUID | None = None
    told_birth: bool | None = None
    companions: str | None = None
    company: str | None = None
    company_id: UUID | None = None


MOVES: dict[StayStatus, frozenset[StayStatus]] = {
    StayStatus.CANCELLED: frozenset({StayStatus.BOOKED}),
    StayStatus.NO_SHOW: frozenset({StayStatus.BOOKED}),
    StayStatus.CHECKED_IN: frozenset({StayStatus.BOOKED, StayStatus.NO_SHOW}),  # a late arrival
    StayStatus.CHECKED_OUT: frozenset({StayStatus.BOOKED, StayStatus.CHECKED_IN}),
    StayStatus.BOOKED: frozenset({StayStatus.CANCELLED, StayStatus.NO_SHOW}),  # reinstated
}
OVER = frozenset({StayStatus.CANCELLED, StayStatus.NO_SHOW, StayStatus.CHECKED_OUT})


def stay_of(
    row: Reservation,
    stay_id: UUID,
    guest_id: UUID,
    zone: str,
    row_hash: bytes,
    at: datetime,
    company_id: UUID | None = None,
) -> Stay:
    """The stay of a row, in the state the row gives it, at its first version."""
    when = {kind: instant for instant, kind in happenings(row, zone)}
    ended_at = when.get(Happening.CANCELLED) or when.get(Happening.NO_SHOW)
    checked_out_at = when.get(Happening.CHECKED_OUT)
    return Stay(
        id=stay_id,
        version=1,
        source=row.source,
        property=row.property,
        reservation=row.reservation,
        guest_id=guest_id,
        zone=zone,
        status=row.status,
        booked_on=row.booked_on,
        booked_at=when[Happening.BOOKED],
        arrival=row.arrival,
        departure=row.departure,
        nights=(row.departure - row.arrival).days,
        checked_in_at=when.get(Happening.CHECKED_IN),
        checked_out_at=checked_out_at,
        checked_out_on=row.status_date if checked_out_at else None,
        ended_at=ended_at,
        ended_on=row.status_date if ended_at else None,
        adults=row.adults,
        children=row.children,
        channel=row.channel,
        market_segment=row.market_segment,
        room_type=row.room_type,
        rate_plan=row.rate_plan,
        rate=row.rate,
        revenue=row.revenue,
        currency=row.currency,
        lead_days=(row.arrival - row.booked_on).days,
        muted=False,
        row_hash=row_hash,
        changed_at=at,
        told_birth=row.birth_date is not None and not is_placeholder(row.birth_date),
        companions=row.companions,
        company=row.company,
        company_id=company_id,
    )


def in_minor_units(stay: Stay, hotel_currency: str) -> Stay:
    """The stay with no amount finer than its currency has; what states no currency is in the hotel's."""
    currency = stay.currency or hotel_currency
    rate, revenue = (None if one is None else rounded(one, currency) for one in (stay.rate, stay.revenue))
    return stay if (rate, revenue) == (stay.rate, stay.revenue) else replace(stay, rate=rate, revenue=revenue)


ANONYMOUS = "erased:"


def anonymous(stay: Stay, guest_id: UUID) -> Stay:
    """The stay of a guest who is erased, under their tombstone: it counts, and leads to nobody."""
    return replace(stay, guest_id=guest_id, reservation=f"{ANONYMOUS}{stay.id}", row_hash=b"", companions=None)


def is_anonymous(stay: Stay) -> bool:
    return stay.reservation == f"{ANONYMOUS}{stay.id}"


def moved(stay: Stay, to: StayStatus, at: datetime) -> Stay | None:
    """The stay after a verb at that instant, or None where the verb does not start from its status."""
    if stay.status not in MOVES[to]:
        return None
    today = local_date(at, stay.zone)
    gone, ended = to is StayStatus.CHECKED_OUT, to in (StayStatus.CANCELLED, StayStatus.NO_SHOW)
    return replace(
        stay,
        version=stay.version + 1,
        status=to,
        checked_in_at=at if to is StayStatus.CHECKED_IN else stay.checked_in_at,
        checked_out_at=at if gone else None,
        checked_out_on=today if gone else None,
        ended_at=at if ended else None,
        ended_on=today if ended else None,
        changed_at=at,
    )


def amended(old: Stay, stated: Stay, at: datetime, *, keep_status: bool) -> Stay:
    """The stored stay as a source now states it; a muted stay stays muted.

    `keep_status`: the source states the booking only, not of what became of it.
    """
    kept: dict[str, Any] = {name: getattr(old, name) for name in WHAT_BECAME_OF_IT} if keep_status else {}
    mine: dict[str, Any] = {name: getattr(old, name) for name in OURS_TO_SAY}
    new = replace(stated, **mine, **kept)
    if new == replace(old, row_hash=new.row_hash, told_birth=new.told_birth):
        return new
    return replace(new, version=old.version + 1, changed_at=at)


OURS_TO_SAY = ("version", "muted", "changed_at", "again_of")
WHAT_BECAME_OF_IT = ("status", "checked_in_at", "checked_out_at", "checked_out_on", "ended_at", "ended_on")


def occurred_at(stay: Stay) -> datetime:
    """The instant of the last thing that happened to it."""
    return max(filter(None, (stay.booked_at, stay.checked_in_at, stay.checked_out_at, stay.ended_at)))
