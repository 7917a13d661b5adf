"""What figures that count guests must be, worked out slowly and plainly from the raw rows of guests and stays.

It shares no line with what it checks: sets of guests, built stay by stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.database.pool import Database

Cut = tuple[str, str]
Where = tuple[str, str, str]
"""Hotel (empty: all), cut and value."""
USABLE = {"email": ("express", "existing_customer"), "sms": ("express",), "whatsapp": ("express",)}


@dataclass(frozen=True)
class RawStay:
    id: UUID
    guest_id: UUID
    property: str
    arrival: date
    departure: date
    left: date
    nights: int
    channel: str
    market: str
    amount: Decimal | None
    reported: Decimal | None


@dataclass(frozen=True)
class Raw:
    stays: list[RawStay]
    countries: Mapping[UUID, str]
    segments: Mapping[UUID, list[str]]
    complaints: list[tuple[UUID, str | None, UUID | None, date]]
    reach: Mapping[UUID, frozenset[str]]


def read(database: Database, today: date) -> Raw:
    def rows(query: str) -> list[Any]:
        with database.transaction() as tx:
            return tx.execute(query).fetchall()

    stays = rows(
        "select id, guest_id, property, arrival, departure, checked_out_on, nights, coalesce(channel, ''), "
        "coalesce(market_segment, ''), amount, reported from stay where status = 'checked_out' and not muted"
    )
    names = dict(rows("select number, key from segment where retired_at is null and not private"))
    facts = rows(
        "select guest_id, do_not_contact, email_consent, email_until, email_personal, sms_consent, sms_until, "
        "sms_personal, whatsapp_consent, whatsapp_until, whatsapp_personal from guest_facts"
    )
    return Raw(
        stays=[RawStay(*one) for one in stays],
        countries=dict(rows("select id, coalesce(country, '') from guest")),
        segments={
            guest: [names[number] for number in numbers if number in names]
            for guest, numbers in rows("select guest_id, segments from membership")
        },
        complaints=rows("select guest_id, property, stay_id, opened_on from case_known where kind = 'complaint'"),
        reach={
            guest: frozenset(
                channel
                for place, channel in enumerate(USABLE)
                if closed is None and is_reached(channel, rest[place * 3 : place * 3 + 3], today)
            )
            for guest, closed, *rest in facts
        },
    )


def is_reached(channel: str, facts: list[Any], today: date) -> bool:
    consent, until, personal = facts
    return personal and consent in USABLE[channel] and not (until is not None and until < today)


def figures(raw: Raw, before: date, first: date, until: date) -> dict[Where, dict[str, Any]]:
    """By hotel and cut, every count of one window."""
    now = [one for one in raw.stays if first <= one.left < until]
    then = [one for one in raw.stays if before <= one.left < first]
    guests, earlier = by_where(raw, now), by_where(raw, then)
    begins = beginnings(now)
    hotels = {hotel: of_hotel(raw, hotel, now, first, until) for hotel in {"", *(one.property for one in raw.stays)}}
    return {
        where: line(raw, hotels[where[0]], guests.get(where, []), earlier.get(where, []), begins)
        for where in guests.keys() | earlier.keys()
    }


@dataclass(frozen=True)
class OfHotel:
    """`came`: who left in the window; `known`: who had left before it; `complained`: whose complaint is of it."""

    code: str
    came: set[UUID]
    known: set[UUID]
    complained: set[UUID]


def of_hotel(raw: Raw, code: str, now: Iterable[RawStay], first: date, until: date) -> OfHotel:
    return OfHotel(
        code,
        {one.guest_id for one in now if code in ("", one.property)},
        {one.guest_id for one in raw.stays if one.left < first and code in ("", one.property)},
        complained(raw, code, first, until),
    )


def by_where(raw: Raw, stays: Iterable[RawStay]) -> dict[Where, list[RawStay]]:
    found: dict[Where, list[RawStay]] = defaultdict(list)
    for one in stays:
        cuts: list[Cut] = [("", ""), ("market", one.market), ("channel", one.channel)]
        cuts.append(("country", raw.countries[one.guest_id]))
        cuts += [("segment", key) for key in raw.segments.get(one.guest_id, [])]
        for cut, value in cuts:
            found[("", cut, value)].append(one)
            found[(one.property, cut, value)].append(one)
    return found


def beginnings(stays: Iterable[RawStay]) -> set[UUID]:
    """Stays that no earlier one of the same guest and hotel touches."""
    found: set[UUID] = set()
    latest: dict[tuple[UUID, str], date] = {}
    for one in sorted(stays, key=lambda stay: (stay.arrival, stay.departure, stay.id)):
        key = (one.guest_id, one.property)
        if key not in latest or one.arrival > latest[key]:
            found.add(one.id)
        latest[key] = max(one.departure, latest.get(key, one.departure))
    return found


def line(raw: Raw, hotel: OfHotel, stays: list[RawStay], earlier: list[RawStay], begins: set[UUID]) -> dict[str, Any]:
    here = {one.guest_id for one in stays}
    amounts = [one.amount if hotel.code else one.reported for one in stays]
    visits: dict[UUID, int] = defaultdict(int)
    for one in stays:
        visits[one.guest_id] += one.id in begins
    before = {one.guest_id for one in earlier}
    return {
        "guests": len(here),
        "before": len(before),
        "retained": len(before & hotel.came),
        "known": len(here & hotel.known),
        "again": sum(times > 1 for times in visits.values()),
        "complained": len(here & hotel.complained),
        **{channel: sum(channel in raw.reach.get(one, ()) for one in here) for channel in USABLE},
        "stays": len(stays),
        "visits": sum(visits.values()),
        "nights": sum(one.nights for one in stays),
        "spend": sum((amount for amount in amounts if amount is not None), Decimal(0)),
        "unpriced": sum(amount is None for amount in amounts),
    }


def complained(raw: Raw, hotel: str, first: date, until: date) -> set[UUID]:
    of_stay = {one.id: one for one in raw.stays}
    found = set()
    for guest, property, stay_id, opened in raw.complaints:
        stay = of_stay.get(stay_id) if stay_id else None
        day, place = (stay.left if stay else opened), property or (stay.property if stay else None)
        if first <= day < until and hotel in ("", place):
            found.add(guest)
    return found
