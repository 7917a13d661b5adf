"""Threads that become one: of merged guests, of a stranger who is a guest, of a point that goes by another index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.database.pool import Tx


def fold(tx: Tx, guests: Sequence[Any]) -> None:
    """The threads of merged guests become part of those of whom they were merged into."""
    tx.execute(FOLD.format(moves=MERGED), {"guests": [str(guest) for guest in guests]})


def recognise(tx: Tx, thread_id: UUID, guest_id: UUID) -> None:
    """A stranger's thread becomes part of that of the guest they are."""
    tx.execute(FOLD.format(moves=RECOGNISED), {"thread": thread_id, "guest": guest_id})


def move_points(tx: Tx, old: Sequence[str], new: Sequence[str]) -> None:
    """A stranger's thread goes by the point that is in use."""
    tx.execute(FOLD.format(moves=RENAMED), {"old": list(old), "new": list(new)})


MERGED = """
    with move as (
        select thread_id as old_id, top_of(guest_id) as guest_id, '' as point from thread
        where guest_id = any(%(guests)s::uuid[]) and top_of(guest_id) <> guest_id
    )
"""
RECOGNISED = """
    with move as (
        select thread_id as old_id, top_of(%(guest)s::uuid) as guest_id, '' as point from thread
        where thread_id = %(thread)s and guest_id is null
    )
"""
RENAMED = """
    with move as (
        select thread_id as old_id, null::uuid as guest_id, moved.new as point
        from thread join unnest(%(old)s::text[], %(new)s::text[]) as moved (old, new) on thread.point = moved.old
        where guest_id is null and moved.new <> moved.old
    )
"""
FOLD = """
    {moves}, gone as (
        delete from thread using move where thread_id = old_id
        returning thread.*, move.guest_id as to_guest, move.point as to_point
    ), folded_up as (
        select thread_of(to_guest, min(channel), to_point) as thread_id, to_guest as guest_id, to_point as point,
               (array_agg(channel order by last_at desc))[1] as channel, max(version) as version,
               sum(touched) as touched, bool_or(is_common) as is_common, max(last_at) as last_at,
               max(heard_at) as heard_at, bool_or(unread) as unread, bool_and(done) as done,
               case when bool_or(unread) or bool_or(snoozed_until is null) then null else min(snoozed_until) end
                   as snoozed_until,
               (array_agg(owner_id order by owner_id is null, last_at desc))[1] as owner_id,
               min(waits_since) as waits_since,
               (array_agg(changed_by order by changed_at desc nulls last))[1] as changed_by,
               max(changed_at) as changed_at,
               array(select distinct unnest(each.hotels) from gone as each
                     where each.to_guest is not distinct from gone.to_guest and each.to_point = gone.to_point)
                   as hotels,
               array(select distinct unnest(each.found_by) from gone as each
                     where each.to_guest is not distinct from gone.to_guest and each.to_point = gone.to_point)
                   as found_by
        from gone group by to_guest, to_point, case when to_guest is null then channel end
    )
    insert into thread as known (thread_id, version, touched, guest_id, channel, point, name_key, hotels, is_common,
                                 last_at, heard_at, unread, done, snoozed_until, owner_id, waits_since, changed_by,
                                 changed_at, found_by)
    select thread_id, one.version, touched, one.guest_id, channel, point,
           coalesce(folded(family_name || ' ' || given_name), ''), hotels, is_common, last_at, heard_at, unread,
           done and not unread, snoozed_until, owner_id, waits_since, changed_by, changed_at, found_by
    from folded_up as one left join guest_known as guest on guest.guest_id = one.guest_id
    where not coalesce(guest.gone, false)
    order by thread_id
    on conflict (thread_id) do update
    set version = greatest(known.version, excluded.version) + 1, touched = known.touched + excluded.touched,
        channel = case when excluded.last_at >= known.last_at then excluded.channel else known.channel end,
        hotels = array(select distinct unnest(known.hotels || excluded.hotels)),
        found_by = array(select distinct unnest(known.found_by || excluded.found_by)),
        is_common = known.is_common or excluded.is_common,
        last_at = greatest(known.last_at, excluded.last_at), heard_at = greatest(known.heard_at, excluded.heard_at),
        unread = known.unread or excluded.unread, done = known.done and excluded.done,
        snoozed_until = case when known.unread or excluded.unread or known.snoozed_until is null
                                  or excluded.snoozed_until is null then null
                             else least(known.snoozed_until, excluded.snoozed_until) end,
        owner_id = coalesce(known.owner_id, excluded.owner_id),
        waits_since = least(known.waits_since, excluded.waits_since)
"""
