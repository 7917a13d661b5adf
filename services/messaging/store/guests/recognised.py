"""Strangers who are known as guests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.database.pool import Tx

RECOGNISING = 0x7265636F  # «reco»


def hold(tx: Tx) -> None:
    """Nobody is recognised until this transaction ends: what is asked for meanwhile is handed on as well."""
    tx.execute("select pg_advisory_xact_lock_shared(%s)", [RECOGNISING])


def keep(tx: Tx, params: Mapping[str, Any]) -> None:
    """Each where it is newer, with what was written to the stranger until then. A claim under way has the stranger's
    row: it ends first, and what comes later is asked for as the guest's. One that was taken back is known as the
    stranger they are, with the messages that it names.
    """
    tx.execute("select pg_advisory_xact_lock(%s)", [RECOGNISING])
    tx.execute(KEEP, params)
    tx.execute(HOLD, params)
    tx.execute(HAND_ON, params)
    tx.execute(GIVE_BACK, params)


def guests_of(tx: Tx, strangers: Collection[Any]) -> dict[str, UUID]:
    query = "select stranger_id::text, guest_id from recognised where stranger_id = any(%s::uuid[])"
    return dict(tx.execute(query, [list(strangers)]).fetchall())


def strangers_on_points_of(tx: Tx, guests: Sequence[UUID]) -> list[UUID]:
    """Those who wrote from a point that these guests have and no other."""
    return [stranger for (stranger,) in tx.execute(STRANGERS, {"guests": list(guests)})]


KEEP = """
    insert into recognised as known (stranger_id, version, guest_id)
    select distinct on (stranger_id) stranger_id, version, case when taken_back then stranger_id else guest_id end
    from unnest(%(stranger_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(taken_back)s::boolean[])
        as said (stranger_id, version, guest_id, taken_back)
    order by stranger_id, version desc
    on conflict (stranger_id) do update set version = excluded.version, guest_id = excluded.guest_id
    where excluded.version > known.version
"""
HOLD = """
    select from recipient
    where guest_id = any(%(stranger_id)s::uuid[]) order by guest_id for update
"""
HAND_ON = """
    with known as (
        select stranger_id, guest_id from recognised where stranger_id = any(%(stranger_id)s::uuid[])
    ), there as (
        insert into recipient (guest_id, version) select distinct guest_id, 0 from known order by guest_id
        on conflict do nothing
    )
    update delivery set guest_id = known.guest_id from known
    where delivery.guest_id = known.stranger_id and known.guest_id <> known.stranger_id
"""
GIVE_BACK = """
    with said as (
        select stranger_id, version, string_to_array(messages, ' ')::uuid[] as messages
        from unnest(%(stranger_id)s::uuid[], %(version)s::bigint[], %(message_ids)s::text[])
            as each (stranger_id, version, messages)
    )
    update delivery set guest_id = known.stranger_id
    from said join recognised as known using (stranger_id, version)
    where delivery.message_id = any(messages) and known.guest_id = known.stranger_id
      and delivery.guest_id <> known.stranger_id
"""
STRANGERS = """
    with theirs as (
        select point from recipient_point as mine
        where guest_id = any(%(guests)s::uuid[]) and not exists (
            select from recipient_point as other
            where other.point = mine.point and other.guest_id <> all(%(guests)s::uuid[]))
    ), answered as (
        select guest_id from delivery join theirs using (point) where journey = 'answer' and claimed_at is not null
        union
        select guest_id from delivery join theirs on "values" ->> 'point' = theirs.point where journey = 'answer'
    )
    select guest_id from answered join recipient using (guest_id)
    where version = 0 and gone is null and guest_id <> all(%(guests)s::uuid[])
"""
