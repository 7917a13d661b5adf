"""What is known of the guests of one claim, and of their contact points.

Every guest has a name, points and consents, in a row, and stays. Most have nothing else that the gate asks for; what
few have comes in a statement of its own, in which only what there is costs anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.messaging.rules.facts import Stay
from shared.database.pool import Tx
from shared.rows import row


@row
class GuestRow:
    """A guest with what belongs to them; lists as PostgreSQL's JSON gives them."""

    guest_id: UUID
    known: bool
    gone: str | None
    do_not_contact: str | None
    rights: list[str]
    title: str | None
    given_name: str
    family_name: str
    birth_date: date | None
    language: str
    country: str | None
    home_zone: str
    home_property: str | None
    tier: str | None
    loyalty_points: int | None
    own_dates: dict[str, str] | None
    points: list[list[Any]] | None
    consents: list[list[Any]] | None


def guest_rows(tx: Tx, guests: Sequence[UUID]) -> list[GuestRow]:
    return tx.rows(
        GuestRow,
        """
        select guest.guest_id, version > 0 or gone is not null as known, gone, do_not_contact, rights, title,
               given_name, family_name, birth_date, language, country, home_zone, home_property, tier, loyalty_points,
               own_dates,
            (select json_agg(json_build_array(channel, point, address_sealed, kind, stay_id) order by rank)
             from channel_point where guest_id = guest.guest_id) as points,
            (select json_agg(json_build_array(channel, purpose, state, expires_on))
             from consent where guest_id = guest.guest_id) as consents
        from recipient as guest where guest.guest_id = any(%(guests)s)
        """,
        {"guests": list(guests)},
    )


def stays_of(tx: Tx, guests: Sequence[UUID]) -> Mapping[UUID, Sequence[Stay]]:
    """By guest, each guest's in order. As rows, and not as JSON: numbers, days and instants come as what they are."""
    found: defaultdict[UUID, list[Stay]] = defaultdict(list)
    for guest_id, *stay in tx.execute(OF_STAYS, {"guests": list(guests)}):
        found[guest_id].append(Stay(*stay))
    for stays in found.values():
        if len(stays) > 1:
            stays.sort(key=attrgetter("arrival", "reservation", "stay_id"))
    return found


OF_STAYS = """
    select asked.guest_id, stay.* from unnest(%(guests)s::uuid[]) as asked (guest_id), lateral (
        select stay_id, property, zone, reservation, status, arrival, departure, checked_in_at, checked_out_at, muted,
               room_type, guests
        from stay_known where guest_id = asked.guest_id offset 0) as stay
"""


@dataclass(frozen=True, slots=True)
class Since:
    """From when on is looked: for contacts that count, for a household's messages, for full mailboxes, of so many."""

    capped: datetime
    reached: datetime
    full: datetime
    full_boxes: int


Few = Mapping[str, Sequence[list[Any]]]
"""By its name in the statement, what few guests have: each time a list as PostgreSQL's JSON gives it."""
NOTHING: Few = {}


def facts_of_few(tx: Tx, guests: Sequence[UUID], since: Since) -> Mapping[UUID, Few]:
    """By guest. `offset 0` keeps each look-up a look-up by index, whatever the tables' statistics say."""
    found: defaultdict[UUID, defaultdict[str, list[list[Any]]]] = defaultdict(lambda: defaultdict(list))
    params = {
        "guests": list(guests),
        "capped_since": since.capped,
        "reached_since": since.reached,
        "full_since": since.full,
        "full_boxes": since.full_boxes,
    }
    for guest_id, name, value in tx.execute(OF_FEW, params):
        found[guest_id][name].append(value)
    return found


IS_A_CONTACT = """
    purpose = 'marketing' and state in ('claimed', 'sent', 'unknown') and not exists (
        select from receipt where receipt.message_id = delivery.message_id and receipt.state = 'bounced')
"""
"""What counts against the cap: an offer from its claim on, unless it surely never arrived."""
OF_FEW = f"""
    with asked as materialized (
        select guest_id from unnest(%(guests)s::uuid[]) as asked (guest_id)
    ), mine as materialized (
        select asked.guest_id, channel, point from asked, lateral (
            select channel, point from channel_point where guest_id = asked.guest_id offset 0) as found
    )
    select guest_id, 'wish', json_build_array(language) from asked, lateral (
        select language from guest_wish where guest_id = asked.guest_id offset 0) as found
    union all
    select guest_id, 'segment', json_build_array(segment) from asked, lateral (
        select segment from guest_segment where guest_id = asked.guest_id and is_in offset 0) as found
    union all
    select guest_id, 'complaint', json_build_array(opened_at) from asked, lateral (
        select opened_at from case_known
        where guest_id = asked.guest_id and open and kind = 'complaint' offset 0) as found
    union all
    select guest_id, 'surveyed', json_build_array(journey, stay_id) from asked, lateral (
        select journey, stay_id from delivery
        where guest_id = asked.guest_id and purpose = 'feedback' and stay_id is not null
          and state in ('claimed', 'sent', 'unknown') offset 0) as found
    union all
    select guest_id, 'refused', json_build_array(channel, point) from mine where exists (
        select from refused_point as refused
        where (refused.channel, refused.point) = (mine.channel, mine.point) and lifted_at is null offset 0)
    union all
    select guest_id, 'suppressed', json_build_array(channel, point, purpose) from mine, lateral (
        select purpose from suppression where (channel, point) = (mine.channel, mine.point) offset 0) as found
    union all
    select guest_id, 'resting', json_build_array(point) from mine, lateral (
        select count(*) as times from delivery join receipt using (message_id)
        where delivery.point = mine.point and claimed_at > %(full_since)s
          and receipt.reason = 'mailbox_full' and reported_at > %(full_since)s offset 0) as found
    where times >= %(full_boxes)s
    union all
    select guest_id, 'contact', json_build_array('guest', guest_id, at) from asked, lateral (
        select claimed_at as at from delivery
        where guest_id = asked.guest_id and claimed_at > %(capped_since)s and {IS_A_CONTACT} offset 0) as found
    union all
    select guest_id, 'contact', json_build_array('point', point, at) from mine, lateral (
        select claimed_at as at from delivery
        where point = mine.point and claimed_at > %(capped_since)s and {IS_A_CONTACT} offset 0) as found
    union all
    select guest_id, 'reached', json_build_array(journey, point, other, claimed_at) from mine, lateral (
        select journey, delivery.guest_id as other, claimed_at from delivery
        where point = mine.point and claimed_at > %(reached_since)s
          and state in ('claimed', 'sent', 'unknown') offset 0) as found
    where other <> guest_id
    union all
    select guest_id, 'objection', json_build_array() from asked where exists (
        select from objection_unread where guest_id = asked.guest_id and unread offset 0)
    union all
    select guest_id, 'objection', json_build_array() from mine where exists (
        select from objection_unread where point = mine.point and unread offset 0)
"""
