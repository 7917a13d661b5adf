"""Statements by which a claimed message comes to its end."""

from __future__ import annotations

from datetime import datetime

from shared.database.pool import Tx

CLAIMERS = 7261  # the space of advisory locks in which each running sender holds its number

STATE = """message_id, version, guest_id, journey, journey_version, step, occurrence, purpose, property, stay_id, lane,
           channel, state, reason, held_until"""

RECORD = f"""
    with said as materialized (
        select * from unnest(%(message_id)s::uuid[], %(state)s::text[], %(reason)s::text[], %(ref)s::text[],
                             %(detail)s::text[]) with ordinality
            as said (message_id, state, reason, ref, detail, place)
    ), locked as materialized (
        select message_id from delivery where message_id = any(%(message_id)s::uuid[]) order by message_id for update
    ), ended as (
        update delivery set state = said.state, version = delivery.version + 1, reason = said.reason,
            provider_ref = said.ref, provider_detail = said.detail, lease_until = null, changed_at = %(at)s
        from said join locked using (message_id)
        where delivery.message_id = said.message_id and claim_token = %(token)s
            and delivery.state in ('claimed', 'unknown')
        returning delivery.*, said.place
    ), decided as (
        insert into decision (message_id, at, state, reason, channel, address_sealed, language)
        select message_id, claimed_at, state, reason, channel, address_sealed, language from ended order by place
    )
    select {STATE} from ended order by place
"""

# Whether anybody took it back meanwhile is seen here: it goes no further then.
QUEUE_AGAIN = """
    update delivery set state = case when taken_back is null then 'queued' else 'withdrawn' end, reason = taken_back,
        version = version + 1, claim_token = null, claimer = null, claimed_at = null,
        lease_until = null, changed_at = %(at)s,
        next_at = %(at)s + least(%(first)s * power(2, least(attempts - 1, 10)), %(last)s)
    where message_id = any(%(message_id)s) and claim_token = %(token)s and state in ('claimed', 'unknown')
    returning message_id
"""

GIVE_BACK_CONTACTS = "delete from counted_contact where message_id = any(%(message_id)s)"

SUPPRESS_OBJECTORS = """
    insert into suppression (channel, point, purpose, source, since)
    select distinct channel, point, 'all', 'provider', %(at)s::timestamptz
    from delivery where message_id = any(%(message_id)s) and point is not null order by channel, point
    on conflict do nothing
"""

# The asker's own claims are abandoned too: it works on one claim at a time, and is not working on one now.
GIVE_UP = f"""
    with lost as (
        select claimer from (
            select distinct claimer from delivery where state = 'claimed' and lease_until <= %(at)s
        ) as expired
        where claimer = %(claimer)s or pg_try_advisory_xact_lock(%(space)s, claimer::int)
    ), ended as (
        update delivery set state = 'unknown', version = version + 1, reason = 'lease_expired', lease_until = null,
            changed_at = %(at)s
        where state = 'claimed' and lease_until <= %(at)s and claimer in (select claimer from lost)
        returning *
    ), decided as (
        insert into decision (message_id, at, state, reason, channel, address_sealed, language)
        select message_id, claimed_at, state, reason, channel, address_sealed, language from ended order by message_id
    )
    select {STATE} from ended order by message_id
"""

# After a restore: what was asked for and due by then may have gone in the time that is lost. `message_id`: null: all.
DOUBT = f"""
    with lost as materialized (
        select delivery.message_id from delivery, (select max(at) as at from restored) as restored
        where state in ('queued', 'held', 'claimed') and requested_at <= restored.at
          and (state = 'claimed' or next_at <= restored.at)
          and (%(message_id)s::uuid[] is null or message_id = any(%(message_id)s::uuid[]))
        order by message_id for update of delivery
    ), ended as (
        update delivery set state = 'unknown', version = delivery.version + 1, reason = 'restored', lease_until = null,
            language = coalesce(delivery.language, guest.language), changed_at = %(at)s
        from lost, recipient as guest
        where delivery.message_id = lost.message_id and guest.guest_id = delivery.guest_id
        returning delivery.*
    ), decided as (
        insert into decision (message_id, at, state, reason, channel, address_sealed, language)
        select message_id, %(at)s, state, reason, channel, address_sealed, language from ended order by message_id
    )
    select {STATE} from ended order by message_id
"""

EXTEND = """
    update delivery set lease_until = %(until)s where state = 'claimed' and lease_until <= %(at)s
"""


def next_due(tx: Tx) -> datetime | None:
    """When the sender next has something to do: a message to look at, or a lease that ends."""
    row = tx.execute(
        """
        select least((select min(next_at) from delivery where state in ('queued', 'held')),
                     (select min(lease_until) from delivery where state = 'claimed'))
        """
    ).fetchone()
    return row[0] if row else None
