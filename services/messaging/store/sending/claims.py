"""The claim: take a set of guests with due messages, load what the gate must know, record its verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.rules.facts import Request
from shared.database.pool import Tx

CLASSES = """
    (select lane <> 'stay' as later, -priority as rank from delivery where state in ('queued', 'held')
     order by lane <> 'stay', -priority, next_at, message_id limit 1)
    union all
    select following.* from class, lateral (
        select lane <> 'stay' as later, -priority as rank from delivery
        where state in ('queued', 'held') and (lane <> 'stay', -priority) > (class.later, class.rank)
        order by lane <> 'stay', -priority, next_at, message_id limit 1) as following
"""
"""Of the recursive `class`: each class of lane and priority that waits, one look-up in the index a class."""


def lock_due_guests(
    tx: Tx, now: datetime, most: int, full: Sequence[str] = (), until: datetime | None = None
) -> tuple[list[UUID], bool]:
    """The guests of the first `most` due messages that no other claimer has; and whether a lease ends by `until` (now).

    Whoever holds a guest's row holds all of their messages: a set is never split between two claimers, and neither
    waits for the other. Each class of lane and priority is walked by index from its front, so that a claim costs the
    same however many are due. `full`: channels that take no more for now; what may go by no other is left.
    """
    row = tx.execute(
        f"""
        with recursive class as ({CLASSES}), locked as materialized (
            select guest_id from class, lateral (
                select guest_id from delivery join recipient using (guest_id)
                where state in ('queued', 'held') and (lane <> 'stay') = later and -priority = rank
                  and next_at <= %(now)s and not channels <@ %(full)s::text[]
                order by next_at, message_id limit %(most)s for update of delivery, recipient skip locked) as due
            limit %(most)s
        )
        select array(select distinct guest_id from locked),
               exists (select from delivery where state = 'claimed' and lease_until <= %(until)s)
        """,
        {"now": now, "most": most, "full": list(full), "until": until or now},
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def due_requests(tx: Tx, guests: Sequence[UUID], now: datetime) -> list[Request]:
    """All due messages of these guests, locked; none of a guest one of whose messages somebody else is changing.
    `offset 0`: looked up guest by guest, however many others are due; `is true`: neither they nor how many they are by
    an index of what waits of everybody, which looks short where few wait and may be long with rows that waited a
    moment ago."""
    return tx.rows(
        Request,
        """
        with mine as materialized (
            select due.* from unnest(%(guests)s::uuid[]) as asked (guest_id), lateral (
                select message_id, delivery.guest_id, version, state, journey, journey_version, step, occurrence,
                       channels, purpose, lane, priority, template, property, stay_id, zone, due_at, local_time,
                       useful_until, wants, holdout, "values", attempts
                from delivery
                where delivery.guest_id = asked.guest_id
                    and (state in ('queued', 'held') and next_at <= %(now)s) is true
                offset 0 for update skip locked) as due
        ), counted as (
            select guest_id, count(*) as taken from mine group by guest_id
        ), whole as materialized (
            select guest_id from counted where taken = (
                select count(*) from delivery where delivery.guest_id = counted.guest_id
                and (state in ('queued', 'held') and next_at <= %(now)s) is true)
        )
        select mine.* from mine join whole using (guest_id) order by message_id
        """,
        {"guests": list(guests), "now": now},
    )


def lock_points(tx: Tx, guests: Sequence[UUID]) -> None:
    """Caps and households count by contact point, and two guests may share one: whoever counts there comes alone."""
    if tx.is_scratch:
        return
    tx.execute(
        """
        select count(pg_advisory_xact_lock(key)) from (
            select distinct hashtextextended(point, 0) as key from recipient_point where guest_id = any(%(guests)s)
            order by key offset 0
        ) as points
        """,
        {"guests": list(guests)},
    )


def properties_and_senders(
    tx: Tx, codes: Sequence[str]
) -> tuple[list[dict[str, Any]], list[list[Any]], list[list[str]]]:
    """These properties, and the first of all: it speaks where a message and its guest belong to none. And the stops:
    whoever lifts one waits for this claim, so that what it holds is seen."""
    row = tx.execute(
        """
        select (select coalesce(jsonb_agg(to_jsonb(property) - 'version'), '[]')
                from (select property_known.*, heard_at from property_known left join property_heard using (code)
                      where code = any(%(codes)s) or code = (select min(code) from property_known)) as property),
               (select coalesce(jsonb_agg(jsonb_build_array(channel, country, purpose, allowed)), '[]')
                from sender_country),
               (select coalesce(jsonb_agg(jsonb_build_array(kind, key)), '[]')
                from (select kind, key from stop where lifted_at is null for share) as standing)
        """,
        {"codes": list(codes)},
    ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def record_verdicts(tx: Tx, params: Mapping[str, Any]) -> int:
    """What the gate decided. How many messages changed."""
    return tx.execute(
        """
        with said as materialized (
            select * from unnest(%(message_id)s::uuid[], %(state)s::text[], %(reason)s::text[], %(channel)s::text[],
                                 %(point)s::text[], %(address)s::text[], %(language)s::text[],
                                 %(held_until)s::timestamptz[], %(wording)s::int[], %(sender)s::uuid[],
                                 %(price)s::numeric[], %(price_currency)s::text[])
                with ordinality
                as said (message_id, state, reason, channel, point, address, language, held_until, wording, sender,
                    price, price_currency, place)
        ), decided as (
            insert into decision (message_id, at, state, reason, channel, address_sealed, language, held_until)
            select message_id, %(at)s, state, reason, channel, address, language, held_until
            from said where state <> 'claimed' order by place
        )
        update delivery set state = said.state, version = delivery.version + 1, reason = said.reason,
            channel = said.channel, point = said.point, address_sealed = said.address, language = said.language,
            template_version = said.wording, sender_id = said.sender, price = said.price,
            price_currency = said.price_currency, held_until = said.held_until,
            next_at = coalesce(said.held_until, delivery.next_at), changed_at = %(at)s,
            claim_token = %(token)s, claimer = %(claimer)s, lease_until = %(lease_until)s,
            claimed_at = case when said.state = 'claimed' then %(at)s end,
            waiting_since = case when said.state = 'claimed' then delivery.waiting_since end,
            attempts = delivery.attempts + (said.state = 'claimed')::int
        from said where delivery.message_id = said.message_id and delivery.state in ('queued', 'held')
        """,
        params,
    ).rowcount


def postpone(tx: Tx, params: Mapping[str, Any]) -> None:
    """Look again at `next_at`."""
    tx.execute(
        """
        update delivery set next_at = said.next_at, changed_at = %(at)s
        from unnest(%(message_id)s::uuid[], %(next_at)s::timestamptz[]) as said (message_id, next_at)
        where delivery.message_id = said.message_id and delivery.state in ('queued', 'held')
        """,
        params,
    )
