"""Guests and stays as they are published."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.segments.rules.house_dates import own_date
from services.segments.rules.stays import Stay, occurred_at
from shared.crypto.purposes import Indexing, Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events.contact import ConsentClaim, ContactPoint
from shared.events.segments.guests import GuestChanged
from shared.events.segments.stays import StayState
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.contact_point import CALLED, PointClass

# The instant of the last change comes last.
STATES = """
    select g.id, g.version, g.title, g.given_name, g.family_name, g.birth_date, coalesce(g.language, 'en'), g.country,
           g.home_zone, g.home_property, g.tier, g.tags, points.all, claims.all, g.do_not_contact, g.rights,
           (select floor(points)::bigint from loyalty
            where guest_id = g.id order by as_of desc, told_at desc, id limit 1),
           (select json_agg(json_build_array(own.date_key, own.on_date, yearly, own.lunar_md) order by own.date_key)
            from guest_date own join house_date on house_date.key = own.date_key and retired_at is null
            where own.guest_id = g.id),
           g.changed_at
    from guest g
    left join lateral (
        select json_agg(json_build_array(gp.channel, gp.point, cp.address_sealed, cp.kind, gp.stay_id,
                                       cp.forms_sealed)
               order by gp.channel, array_position(array['personal', 'masked', 'agency', 'bad'], cp.kind),
                        gp.by_hand desc, gp.said_at desc, gp.source_ref desc, gp.point) as all
        from (
            select * from guest_point where guest_id = g.id
            offset 0  -- first a guest's points, whatever the planner believes of tables that were empty a moment ago
        ) gp join contact_point cp using (point)
    ) points on true
    left join lateral (
        select json_agg(json_build_array(c.channel, c.state, c.said_at, c.source_ref, c.expires_on)
               order by c.channel) as all
        from consent_claim c
        where c.guest_id = g.id
    ) claims on true
"""


def guest_states(tx: Tx, ids: Collection[UUID], at: datetime) -> list[GuestChanged]:
    """The full public state of these guests, by id, as of `at`."""
    rows = tx.execute(STATES + "where g.id = any(%s) order by g.id", [list(ids)]).fetchall()
    return [state_of(row, at) for row in rows]


def state_of(row: tuple[Any, ...], at: datetime) -> GuestChanged:
    return GuestChanged(
        guest_id=row[0],
        version=row[1],
        title=row[2],
        given_name=row[3],
        family_name=row[4],
        birth_date=row[5],
        language=row[6],
        country=row[7],
        home_zone=row[8],
        home_property=row[9],
        tier=row[10],
        tags=row[11],
        points=[_point(*point) for point in row[12] or ()],
        consents=[_claim(*claim) for claim in row[13] or ()],
        do_not_contact=row[14],
        occurred_at=at,
        rights=row[15],
        loyalty_points=row[16],
        own_dates=[own_date(key, date.fromisoformat(day), *how) for key, day, *how in row[17] or ()],
    )


def with_other_indexes(tx: Tx, states: list[GuestChanged]) -> list[GuestChanged]:
    """While a key of the index is being turned, and of what was kept in another spelling before it was cleaned,
    subscribers hear what else each contact point is known by: what they know of it by that, an objection above all, is
    of the same address.
    """
    if tx.keyring.is_turning(Indexing.POINT):
        return [replace(state, points=[_with_others(tx, point) for point in state.points]) for state in states]
    return [
        replace(state, points=[_with_others(tx, point) if point.forms else point for point in state.points])
        if any(point.forms for point in state.points)
        else state
        for state in states
    ]


def _with_others(tx: Tx, point: ContactPoint) -> ContactPoint:
    spelt = [tx.keyring.open(point.address, Sealing.CONTACT)]
    if point.forms:
        spelt += tx.keyring.open(point.forms, Sealing.CONTACT).split("\n")
    indexes = [index for text in spelt for index in tx.keyring.indexes(point.channel, text)]
    return replace(point, others=[index for index in indexes if index != point.point])


def _point(channel: str, point: str, address: str, kind: str, stay_id: str | None, forms: str | None) -> ContactPoint:
    return ContactPoint(
        channel=channel,
        point=point,
        address=Sealed(address),
        kind=PointClass(kind),
        stay_id=UUID(stay_id) if stay_id else None,
        forms=Sealed(forms) if forms else None,
    )


def _claim(channel: str, state: str, said_at: str, source_ref: str, expires_on: str | None) -> ConsentClaim:
    return ConsentClaim(
        channel=channel,
        state=ClaimedConsent(state),
        said_at=datetime.fromisoformat(said_at),
        source_ref=source_ref,
        expires_on=datetime.fromisoformat(expires_on).date() if expires_on else None,
    )


def stay_row(stay: Stay, at: datetime) -> tuple[Any, ...]:
    """The published state of a stay, in the order of StayState's fields; `at`: when the change happened."""
    guests = (stay.adults or 0) + (stay.children or 0)
    revenue = None if stay.revenue is None else f"{stay.revenue:f}"
    told = (at, stay.room_type or "", guests, stay.rate_plan or "", revenue, stay.currency)
    return (*_TOLD(stay), *told, stay.market_segment or "")


_NAMED_HERE = {"stay_id": "id", "booking_channel": "channel"}
_TOLD = attrgetter(*(_NAMED_HERE.get(field.name, field.name) for field in fields(StayState)[:-7]))


def kept_row(stay: Stay) -> tuple[Any, ...]:
    """What is published of an erased guest's stay, in the order of StayKept's fields."""
    revenue = None if stay.revenue is None else f"{stay.revenue:f}"
    return (
        *(stay.id, stay.version, stay.property, stay.zone, stay.status, stay.booked_at, stay.arrival),
        *(stay.checked_out_at, stay.nights, stay.channel, stay.muted, revenue, stay.currency),
        *(stay.market_segment or "", occurred_at(stay)),
    )


def count_guests(tx: Tx) -> int:
    """Those neither merged away nor erased."""
    row = tx.execute("select count(*) from guest where merged_into is null and erased_at is null").fetchone()
    return row[0] if row else 0


def guests_as_of_now(tx: Tx) -> Iterator[dict[str, Any]]:
    """One record a guest: reservations, birth date and country, and the addresses and numbers at which they can be
    written to or called.
    """
    query = """
        select g.id, array(select s.reservation from stay s where s.guest_id = g.id order by 1),
               array(select gp.channel || ' ' || cp.address_sealed
                     from guest_point gp join contact_point cp using (point)
                     where gp.guest_id = g.id and (cp.kind <> 'bad' or cp.fault = any(%s))),
               g.birth_date, g.country
        from guest g
        where g.merged_into is null and g.erased_at is null
        order by g.id
    """
    for guest_id, reservations, addresses, birth_date, country in tx.execute(query, [sorted(CALLED)]):
        opened = [
            (text.split(" ", 1)[0], tx.keyring.open(Sealed(text.split(" ", 1)[1]), Sealing.CONTACT))
            for text in addresses
        ]
        yield {
            "guest": str(guest_id),
            "reservations": sorted(reservations),
            "emails": sorted(address for channel, address in opened if channel == "email"),
            "phones": sorted(address for channel, address in opened if channel == "sms"),
            "birth_date": birth_date.isoformat() if birth_date else None,
            "country": country,
        }
