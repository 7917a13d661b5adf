"""What is counted: messages by day and state, journeys launched, guests forgotten."""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID

from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.message import MessageState


def keep_messages(tx: Tx, chunk: Chunk) -> None:
    tx.execute(KEEP_MESSAGES, {**chunk.columns, "sent": MessageState.SENT})


def keep_launches(tx: Tx, chunk: Chunk) -> None:
    tx.execute(KEEP_LAUNCHES, chunk.columns)


def keep_forgotten(tx: Tx, chunk: Chunk) -> None:
    """Certificates; not of guests of whom nothing but that they were erased is kept any more."""
    tx.execute(KEEP_FORGOTTEN, {**chunk.columns, "rows": list(map(json.dumps, chunk["rows"]))})


def erased_among(tx: Tx, guests: Collection[str]) -> set[UUID]:
    """Those whom a service has forgotten."""
    query = """
        select guest_id from guest_forgotten where guest_id = any(%(guests)s::uuid[])
        union select guest_id from guest_erased where guest_id = any(%(guests)s::uuid[])
    """
    return {guest for (guest,) in tx.execute(query, {"guests": list(guests)})}


KEEP_MESSAGES = """
    insert into message_seen as old
        (message_id, version, journey, purpose, property, state, reason, day, sent_at, channel, cost, currency)
    select distinct on (message_id)
        message_id, version, journey, purpose, property, state, reason, (at at time zone 'UTC')::date,
        case when state = %(sent)s then at end, channel, cost, currency
    from unnest(%(message_id)s::uuid[], %(version)s::bigint[], %(journey)s::text[], %(purpose)s::text[],
                %(property)s::text[], %(state)s::text[], %(reason)s::text[], %(occurred_at)s::timestamptz[],
                %(channel)s::text[], %(cost)s::numeric[], %(currency)s::text[])
        as said (message_id, version, journey, purpose, property, state, reason, at, channel, cost, currency)
    order by message_id, version desc
    on conflict (message_id) do update
    set version = greatest(old.version, excluded.version),
        state = case when excluded.version > old.version then excluded.state else old.state end,
        reason = case when excluded.version > old.version then excluded.reason else old.reason end,
        day = case when excluded.version > old.version then excluded.day else old.day end,
        sent_at = least(old.sent_at, excluded.sent_at),
        channel = case when excluded.version > old.version then excluded.channel
            else coalesce(old.channel, excluded.channel) end,
        cost = coalesce(excluded.cost, old.cost),
        currency = case when excluded.cost is null then old.currency else excluded.currency end
    where excluded.version > old.version or least(old.sent_at, excluded.sent_at) is distinct from old.sent_at
        or (old.channel is null and excluded.channel is not null) or (old.cost is null and excluded.cost is not null)
"""
KEEP_LAUNCHES = """
    insert into journey_launched (journey, version, launched_at, launched_by)
    select * from unnest(%(journey)s::text[], %(version)s::bigint[], %(launched_at)s::timestamptz[], %(by)s::text[])
    on conflict do nothing
"""
KEEP_FORGOTTEN = """
    insert into guest_forgotten (guest_id, service, version, forgotten_at, rows)
    select distinct on (guest_id, service) *
    from unnest(%(guest_id)s::uuid[], %(service)s::text[], %(version)s::bigint[], %(forgotten_at)s::timestamptz[],
                %(rows)s::jsonb[]) as said (guest_id, service, version, forgotten_at, rows)
    where not exists (select from guest_erased where guest_erased.guest_id = said.guest_id)
    order by guest_id, service, version desc
    on conflict (guest_id, service) do update
    set version = excluded.version, forgotten_at = excluded.forgotten_at, rows = excluded.rows
    where excluded.version > guest_forgotten.version
"""
