"""The consent ledger and the suppression list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx


def suppress(tx: Tx, params: Mapping[str, Any]) -> None:
    """Each objection by contact point and purpose. «All marketing» reaches every point of the guests on this one. A
    consent that was recorded after the objection was made stands.
    """
    tx.execute(
        """
        with said as (
            select * from unnest(%(channel)s::text[], %(point)s::text[], %(guest_id)s::uuid[], %(scope)s::text[],
                                 %(source)s::text[], %(requested_at)s::timestamptz[])
                as said (channel, point, guest_id, scope, source, requested_at)
        ), concerned as (
            select channel, point,
                   case scope when 'channel' then 'all' when 'feedback' then 'feedback' else 'marketing' end as purpose,
                   source, requested_at
            from said
            union
            select theirs.channel, theirs.point, 'marketing', said.source, said.requested_at
            from said
            join channel_point as theirs on theirs.guest_id = said.guest_id
                or theirs.guest_id in (select guest_id from recipient_point as there where there.point = said.point)
            where scope = 'all_marketing'
        )
        insert into suppression (channel, point, purpose, source, since)
        select distinct on (channel, point, purpose) channel, point, purpose, source, requested_at
        from concerned
        where not exists (
            select from channel_point as mine join consent using (guest_id, channel)
            where mine.point = concerned.point and consent.source = 'recorded' and consent.state = 'express'
              and consent.said_at > concerned.requested_at and concerned.purpose in ('all', consent.purpose))
        order by channel, point, purpose, requested_at
        on conflict (channel, point, purpose) do nothing
        """,
        params,
    )


def withdraw(tx: Tx, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The consents that objections end, for every guest on the contact point; in the order of `ConsentChanged`."""
    return tx.execute(
        """
        with said as (
            select * from unnest(%(channel)s::text[], %(point)s::text[], %(guest_id)s::uuid[], %(scope)s::text[],
                                 %(source)s::text[], %(requested_at)s::timestamptz[], %(optout_id)s::uuid[])
                as said (channel, point, guest_id, scope, source, requested_at, optout_id)
        ), concerned as (
            select person.guest_id, ended.channel, ended.purpose, said.requested_at, said.optout_id, said.source
            from said
            cross join lateral (
                select said.guest_id where said.guest_id is not null
                union select there.guest_id from channel_point as there
                      where there.point = said.point and there.channel = said.channel
            ) as person
            join (
                values ('channel', null, 'marketing'), ('channel', null, 'feedback'), ('marketing', null, 'marketing'),
                       ('feedback', null, 'feedback')
                union all select 'all_marketing', channel, 'marketing' from unnest(%(channels)s::text[]) as channel
            ) as each (scope, channel, purpose) using (scope)
            cross join lateral (select coalesce(each.channel, said.channel) as channel, each.purpose) as ended
        ), withdrawn as (
            insert into consent as known (guest_id, channel, purpose, version, state, source, source_ref, said_at)
            select distinct on (guest_id, channel, purpose)
                   guest_id, channel, purpose, 1, 'withdrawn', source, optout_id::text, requested_at
            from concerned order by guest_id, channel, purpose, requested_at desc
            on conflict (guest_id, channel, purpose) do update set
                version = known.version + 1, state = excluded.state, source = excluded.source,
                source_ref = excluded.source_ref, said_at = excluded.said_at, expires_on = null
            where known.state <> 'withdrawn' and (known.source <> 'recorded' or known.said_at < excluded.said_at)
            returning known.*
        ), written as (
            insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, recorded_at)
            select guest_id, channel, purpose, state, source, source_ref, said_at, %(at)s
            from withdrawn order by guest_id, channel, purpose
        )
        select guest_id, channel, purpose, version, state, source, said_at
        from withdrawn order by guest_id, channel, purpose
        """,
        params,
    ).fetchall()


def record(tx: Tx, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """An express consent, where no later statement stands."""
    return tx.execute(
        """
        with recorded as (
            insert into consent as known (guest_id, channel, purpose, version, state, source, source_ref, said_at)
            values (%(guest_id)s, %(channel)s, %(purpose)s, 1, 'express', 'recorded', %(source_ref)s, %(said_at)s)
            on conflict (guest_id, channel, purpose) do update set
                version = known.version + 1, state = excluded.state, source = excluded.source,
                source_ref = excluded.source_ref, said_at = excluded.said_at, expires_on = null
            where excluded.said_at > known.said_at
            returning known.*
        ), written as (
            insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, recorded_at,
                                        proof_sealed)
            select guest_id, channel, purpose, state, source, source_ref, said_at, %(at)s, %(proof)s from recorded
        )
        select guest_id, channel, purpose, version, state, source, said_at from recorded
        """,
        params,
    ).fetchall()


def withdraw_profiling(tx: Tx, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """On each of `channels`."""
    return tx.execute(
        """
        with withdrawn as (
            insert into consent as known (guest_id, channel, purpose, version, state, source, source_ref, said_at)
            select %(guest_id)s, channel, 'profiling', 1, 'withdrawn', %(source)s, %(source_ref)s, %(at)s
            from unnest(%(channels)s::text[]) as channel order by channel
            on conflict (guest_id, channel, purpose) do update set
                version = known.version + 1, state = excluded.state, source = excluded.source,
                source_ref = excluded.source_ref, said_at = excluded.said_at
            where known.state <> 'withdrawn'
            returning known.*
        ), written as (
            insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, recorded_at)
            select guest_id, channel, purpose, state, source, source_ref, said_at, %(at)s from withdrawn
                order by channel
        )
        select guest_id, channel, purpose, version, state, source, said_at from withdrawn order by channel
        """,
        params,
    ).fetchall()


def narrow_suppression(tx: Tx, params: Mapping[str, Any]) -> None:
    """A STOP for everything, narrowed to the purposes that the new consent does not concern."""
    tx.execute(
        """
        insert into suppression (channel, point, purpose, source, since)
        select channel, point, other.purpose, source, since
        from suppression cross join (values ('marketing'), ('feedback')) as other (purpose)
        where suppression.purpose = 'all' and other.purpose <> %(purpose)s and channel = %(channel)s
          and point in (select point from recipient_point where guest_id = %(guest_id)s)
          and point = coalesce(%(only)s, point)
        order by point on conflict do nothing
        """,
        params,
    )


def lift_suppression(tx: Tx, params: Mapping[str, Any]) -> None:
    """On the guest's own contact points, for this purpose."""
    tx.execute(
        """
        delete from suppression
        where channel = %(channel)s and purpose in ('all', %(purpose)s)
          and point in (select point from recipient_point where guest_id = %(guest_id)s)
          and point = coalesce(%(only)s, point)
        """,
        params,
    )


def is_objected(tx: Tx, channel: str, point: str, purpose: str) -> bool:
    """Whether an objection stands on a contact point that this purpose is covered by."""
    query = "select from suppression where (channel, point) = (%s, %s) and purpose in ('all', %s)"
    return tx.execute(query, [channel, point, purpose]).fetchone() is not None


def state_of(tx: Tx, guest_id: UUID, channel: str, purpose: str) -> str | None:
    query = "select state from consent where (guest_id, channel, purpose) = (%s, %s, %s)"
    row = tx.execute(query, [guest_id, channel, purpose]).fetchone()
    return row[0] if row else None


def keep_wish(tx: Tx, guest_id: UUID, language: str, at: datetime) -> None:
    """The language that a guest asked to be written to in."""
    tx.execute(
        """
        insert into guest_wish (guest_id, language, said_at) values (%s, %s, %s)
        on conflict (guest_id) do update set language = excluded.language, said_at = excluded.said_at
        """,
        [guest_id, language, at],
    )
