"""Requests that become deliveries, and are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.database.pool import Tx


def keep_requests(tx: Tx, params: Mapping[str, Any]) -> None:
    """Deliveries, each once, also where nothing but its number is left of one. A guest of whom no event has come yet
    gets an empty row: it is what a claim locks, and the gate waits until it is filled.
    """
    tx.execute(
        """
        with said as materialized (
            select distinct on (message_id) *
            from unnest(%(message_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(journey)s::text[],
                        %(journey_version)s::int[], %(step)s::text[], %(occurrence)s::text[], %(channels)s::jsonb[],
                        %(purpose)s::text[], %(priority)s::int[], %(template)s::text[], %(property)s::text[],
                        %(stay_id)s::uuid[], %(zone)s::text[], %(due_at)s::timestamptz[], %(local_time)s::text[],
                        %(useful_until)s::timestamptz[], %(wants)s::jsonb[], %(holdout)s::int[], %(values)s::jsonb[],
                        %(requested_at)s::timestamptz[])
                as said (message_id, version, guest_id, journey, journey_version, step, occurrence, channels, purpose,
                         priority, template, property, stay_id, zone, due_at, local_time, useful_until, wants, holdout,
                         "values", requested_at)
            where not exists (select from delivery_left as gone where gone.message_id = said.message_id)
            order by message_id, version desc
        ), strangers as (
            insert into recipient (guest_id, version) select distinct guest_id, 0 from said order by guest_id
            on conflict do nothing
        )
        insert into delivery as known (message_id, request_version, guest_id, state, journey, journey_version, step,
            occurrence, channels, purpose, lane, priority, template, property, stay_id, zone, due_at, local_time,
            useful_until, wants, holdout, "values", requested_at, next_at, changed_at)
        select message_id, version, guest_id, 'queued', journey, journey_version, step, occurrence,
               array(select jsonb_array_elements_text(channels)), purpose,
               case purpose when 'marketing' then 'marketing' else 'stay' end, priority, template, property, stay_id,
                   zone,
               due_at, local_time, useful_until, array(select jsonb_array_elements_text(wants)), holdout, "values",
               requested_at, due_at, %(at)s
        from said order by message_id
        on conflict (message_id) do update set
            (request_version, priority, due_at, local_time, useful_until, wants, "values", next_at, changed_at)
            = (excluded.request_version, excluded.priority, excluded.due_at, excluded.local_time, excluded.useful_until,
               excluded.wants, excluded."values", excluded.next_at, excluded.changed_at)
        where known.state = 'queued' and excluded.request_version > known.request_version
        """,
        params,
    )


def leave_tombstones(tx: Tx, params: Mapping[str, Any]) -> None:
    """For messages taken back before they were asked for; not for those of which only the number is left."""
    tx.execute(
        """
        insert into delivery (message_id, guest_id, request_version, state, reason, changed_at)
        select distinct on (message_id) message_id, guest_id, version, 'withdrawn', reason, %(at)s
        from unnest(%(message_id)s::uuid[], %(guest_id)s::uuid[], %(version)s::bigint[], %(reason)s::text[])
            as said (message_id, guest_id, version, reason)
        where not exists (select from delivery_left as gone where gone.message_id = said.message_id)
        order by message_id, version desc
        on conflict (message_id) do nothing
        """,
        params,
    )


def lock(tx: Tx, params: Mapping[str, Any]) -> None:
    """In the order of their ids."""
    tx.execute(
        """
        select message_id from delivery where message_id = any(%(message_id)s::uuid[]) order by message_id for update
        """,
        params,
    )


def withdraw(tx: Tx, params: Mapping[str, Any]) -> None:
    """What has not been claimed. For one that was held it is a decision."""
    tx.execute(
        """
        with said as (
            select distinct on (message_id) message_id, version, reason
            from unnest(%(message_id)s::uuid[], %(version)s::bigint[], %(reason)s::text[])
                as said (message_id, version, reason)
            order by message_id, version desc
        ), decided as (
            insert into decision (message_id, at, state, channel, address_sealed, language)
            select message_id, %(at)s, 'withdrawn', channel, address_sealed, language
            from delivery join said using (message_id) where state = 'held' order by message_id
        )
        update delivery set state = 'withdrawn', reason = said.reason, version = delivery.version + 1,
            request_version = greatest(delivery.request_version, said.version), changed_at = %(at)s
        from said where delivery.message_id = said.message_id and state in ('queued', 'held')
        """,
        params,
    )


def take_back_later(tx: Tx, params: Mapping[str, Any]) -> None:
    """What is on its way: should it turn out not to have been sent, it goes no further."""
    tx.execute(
        """
        update delivery set taken_back = said.reason
        from unnest(%(message_id)s::uuid[], %(reason)s::text[]) as said (message_id, reason)
        where delivery.message_id = said.message_id and state in ('claimed', 'unknown')
        """,
        params,
    )
