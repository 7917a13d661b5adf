"""Guests merged and taken apart again: tombstones, refusals that are handed on, and what belongs to whom.

A refusal of whoever was merged holds for all whom they became by a chain of merges. What those allow without it is kept
in `consent_alone`, so that a merge taken back leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx


def keep_tombstones(tx: Tx, params: Mapping[str, Any]) -> list[UUID]:
    """Guests that were merged, each where nothing newer is known; whom they became. Nothing of the profile stays."""
    rows = tx.execute(TOMBSTONES, params).fetchall()
    gone = [guest for guest, _ in rows]
    tx.execute("delete from recipient_point where guest_id = any(%s)", [gone])
    return sorted({into for _, into in rows})


def revive(tx: Tx, guest_id: UUID, version: int) -> bool:
    """The guest is merged no more; False where they are erased, or were merged again since."""
    return tx.execute(REVIVE, {"guest": guest_id, "version": version}).rowcount > 0


def those_above(tx: Tx, guests: Collection[UUID]) -> list[UUID]:
    """These guests, and all whom they became."""
    return [guest for (guest,) in tx.execute(ABOVE, {"guests": list(guests)})]


def those_below(tx: Tx, guest_id: UUID) -> list[UUID]:
    """The guest, and all who were merged into them."""
    return [guest for (guest,) in tx.execute(BELOW, {"guest": guest_id})]


def keep_alone(tx: Tx, guests: Sequence[UUID]) -> None:
    """What these guests allow without those who are merged into them now."""
    tx.execute(KEEP_ALONE, {"guests": list(guests)})


def hand_on_refusals(tx: Tx, guests: Sequence[UUID], at: datetime) -> None:
    """What those who were merged into these guests withdrew or refused holds for them."""
    tx.execute(HAND_ON, {"guests": list(guests), "at": at})


def take_back_refusals(tx: Tx, guests: Sequence[UUID], leaving: Sequence[UUID], at: datetime) -> None:
    """What these guests refuse only because `leaving` did."""
    tx.execute(TAKE_BACK, {"guests": list(guests), "leaving": list(leaving), "at": at})


def forget_alone(tx: Tx, guests: Sequence[UUID]) -> None:
    """Nobody is merged into them any more."""
    statement = """
        delete from consent_alone where guest_id = any(%s)
            and not exists (select from recipient where into_guest_id = consent_alone.guest_id)
    """
    tx.execute(statement, [list(guests)])


def claimed_alone(tx: Tx, guest_id: UUID, claims: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """What sources claim of the guest alone, in the place of what they claimed of several."""
    names = ("channel", "state", "said_at", "source_ref", "expires_on")
    values = {name: [claim[name] for claim in claims] for name in names}
    tx.execute(CLAIMED_ALONE, {"guest": guest_id, "at": at, **values})


def follow(tx: Tx, params: Mapping[str, Any]) -> None:
    """Messages about the guest's stays and to their own contact points, and the marketing contacts that these count
    as."""
    tx.execute(FOLLOW, params)


def withdraw_by_points(tx: Tx, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What was objected to on the guest's own contact points since the merge; in the order of `ConsentChanged`."""
    return tx.execute(WITHDRAW, params).fetchall()


TOMBSTONES = """
    insert into recipient as known (guest_id, version, gone, into_guest_id)
    select distinct on (guest_id) guest_id, version, 'merged', into_guest_id
    from unnest(%(guest_id)s::uuid[], %(version)s::bigint[], %(into_guest_id)s::uuid[])
        as said (guest_id, version, into_guest_id)
    order by guest_id, version desc
    on conflict (guest_id) do update set
        version = excluded.version, gone = 'merged', into_guest_id = excluded.into_guest_id,
        title = null, given_name = '', family_name = '', birth_date = null, country = null,
        home_property = null, rights = '{}'
    where excluded.version > known.version and known.gone is distinct from 'erased'
    returning guest_id, into_guest_id
"""
REVIVE = """
    insert into recipient as known (guest_id, version) values (%(guest)s, %(version)s)
    on conflict (guest_id) do update set
        version = greatest(known.version, excluded.version), gone = null, into_guest_id = null
    where known.gone is null or known.gone = 'merged' and known.version <= excluded.version
"""
ABOVE = """
    with recursive above as (
        select guest_id from unnest(%(guests)s::uuid[]) as asked (guest_id)
        union
        select into_guest_id from recipient join above using (guest_id) where into_guest_id is not null
    )
    select guest_id from above order by 1
"""
BELOW = """
    with recursive below as (
        select %(guest)s::uuid as guest_id
        union
        select merged.guest_id from recipient as merged join below on merged.into_guest_id = below.guest_id
    )
    select guest_id from below order by 1
"""
KEEP_ALONE = """
    insert into consent_alone as alone (guest_id, channel, purpose, state, source, source_ref, said_at, expires_on)
    select guest_id, channel, purpose, state, source, source_ref, said_at, expires_on
    from consent where guest_id = any(%(guests)s::uuid[]) and source <> 'merge' order by 1, 2, 3
    on conflict (guest_id, channel, purpose) do update set
        (state, source, source_ref, said_at, expires_on)
        = (excluded.state, excluded.source, excluded.source_ref, excluded.said_at, excluded.expires_on)
    where excluded.source <> 'import'
"""
HAND_ON = """
    with recursive below as (
        select root, merged.guest_id
        from unnest(%(guests)s::uuid[]) as asked (root) join recipient as merged on merged.into_guest_id = root
        union
        select root, merged.guest_id from below join recipient as merged on merged.into_guest_id = below.guest_id
    ), handed_on as (
        insert into consent as known (guest_id, channel, purpose, version, state, source, source_ref, said_at,
                                      from_guest_id)
        select distinct on (root, channel, purpose)
               root, channel, purpose, 1, state, 'merge', source_ref, said_at, consent.guest_id
        from below join consent using (guest_id)
        where state in ('withdrawn', 'refused') and source <> 'merge'
        order by root, channel, purpose, state desc, said_at, consent.guest_id
        on conflict (guest_id, channel, purpose) do update set
            version = known.version + 1, state = excluded.state, source = excluded.source,
            source_ref = excluded.source_ref, said_at = excluded.said_at, expires_on = null,
            from_guest_id = excluded.from_guest_id
        where known.state not in ('withdrawn', 'refused')
        returning known.*
    )
    insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, recorded_at)
    select guest_id, channel, purpose, state, source, source_ref, said_at, %(at)s
    from handed_on order by guest_id, channel, purpose
"""
TAKE_BACK = """
    with theirs as materialized (
        select * from consent
        where guest_id = any(%(guests)s::uuid[]) and source = 'merge' and from_guest_id = any(%(leaving)s::uuid[])
        order by guest_id, channel, purpose for update
    ), restored as (
        update consent as now set
            version = now.version + 1, state = alone.state, source = alone.source, source_ref = alone.source_ref,
            said_at = alone.said_at, expires_on = alone.expires_on, from_guest_id = null
        from theirs join consent_alone as alone using (guest_id, channel, purpose)
        where (now.guest_id, now.channel, now.purpose) = (theirs.guest_id, theirs.channel, theirs.purpose)
        returning now.guest_id, now.channel, now.purpose, now.state, now.source_ref, now.said_at, now.expires_on
    ), dropped as (
        delete from consent as now using theirs
        where (now.guest_id, now.channel, now.purpose) = (theirs.guest_id, theirs.channel, theirs.purpose)
          and not exists (select from consent_alone as alone
                          where (alone.guest_id, alone.channel, alone.purpose)
                              = (theirs.guest_id, theirs.channel, theirs.purpose))
        returning now.guest_id, now.channel, now.purpose, 'unknown', now.source_ref, now.said_at, null::date
    )
    insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, expires_on, recorded_at)
    select guest_id, channel, purpose, state, 'unmerge', source_ref, said_at, expires_on, %(at)s
    from (select * from restored union all select * from dropped) as each order by guest_id, channel, purpose
"""
CLAIMED_ALONE = """
    with claimed as (
        select * from unnest(%(channel)s::text[], %(state)s::text[], %(said_at)s::timestamptz[],
                             %(source_ref)s::text[], %(expires_on)s::date[])
            as claimed (channel, state, said_at, source_ref, expires_on)
    ), theirs as materialized (
        select * from consent where guest_id = %(guest)s and purpose = 'marketing' and source = 'import'
        order by channel for update
    ), restated as (
        update consent as now set
            version = now.version + (now.state <> claimed.state)::int, state = claimed.state,
            source_ref = claimed.source_ref, said_at = claimed.said_at, expires_on = claimed.expires_on
        from theirs join claimed using (channel)
        where (now.guest_id, now.channel, now.purpose) = (theirs.guest_id, theirs.channel, theirs.purpose)
          and (now.state, now.said_at, now.source_ref, now.expires_on)
              is distinct from (claimed.state, claimed.said_at, claimed.source_ref, claimed.expires_on)
        returning now.guest_id, now.channel, now.state, now.source_ref, now.said_at, now.expires_on
    ), dropped as (
        delete from consent as now using theirs
        where (now.guest_id, now.channel, now.purpose) = (theirs.guest_id, theirs.channel, theirs.purpose)
          and not exists (select from claimed where claimed.channel = theirs.channel)
        returning now.guest_id, now.channel, 'unknown', now.source_ref, now.said_at, null::date
    )
    insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, expires_on, recorded_at)
    select guest_id, channel, 'marketing', state, 'unmerge', source_ref, said_at, expires_on, %(at)s
    from (select * from restated union all select * from dropped) as each order by channel
"""
FOLLOW = """
    update delivery set guest_id = %(guest)s
    where guest_id = %(from)s and requested_at >= %(merged_at)s
      and (stay_id = any(%(stays)s::uuid[]) or stay_id is null and point = any(%(points)s::text[]))
"""
WITHDRAW = """
    with said as (
        select distinct on (channel, ended.purpose) channel, ended.purpose, source, since
        from suppression
        join (values ('all', 'marketing'), ('all', 'feedback'), ('marketing', 'marketing'), ('feedback', 'feedback'))
            as ended (covers, purpose) on covers = suppression.purpose
        where point = any(%(points)s::text[]) and since >= %(merged_at)s
        order by channel, ended.purpose, since desc
    ), withdrawn as (
        insert into consent as known (guest_id, channel, purpose, version, state, source, source_ref, said_at)
        select %(guest)s, channel, purpose, 1, 'withdrawn', source, '', since from said order by channel, purpose
        on conflict (guest_id, channel, purpose) do update set
            version = known.version + 1, state = excluded.state, source = excluded.source,
            source_ref = excluded.source_ref, said_at = excluded.said_at, expires_on = null
        where known.state <> 'withdrawn' and (known.source <> 'recorded' or known.said_at < excluded.said_at)
        returning known.*
    ), written as (
        insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, recorded_at)
        select guest_id, channel, purpose, state, source, source_ref, said_at, %(at)s
        from withdrawn order by channel, purpose
    )
    select guest_id, channel, purpose, version, state, source, said_at from withdrawn order by channel, purpose
"""
