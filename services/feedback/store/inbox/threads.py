"""Threads: what guests write puts them up, people change their state, and guests are merged and taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.feedback.rules.replies import FOR_A_PERSON
from shared.database.pool import Tx
from shared.vocabulary.message import MessageState

EACH_CHANGE = "version = version + 1, touched = touched + 1, changed_by = %(by)s, changed_at = %(at)s"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A reply as its thread takes it up. `guest_id`: None of a stranger; `needs_a_person`: not done by itself;
    `found_by`: the pieces of where it came from.
    """

    guest_id: UUID | None
    channel: str
    point: str
    hotel: str | None
    at: datetime
    needs_a_person: bool
    found_by: Sequence[int] = ()


def hear(tx: Tx, heard: Heard) -> None:
    """What is for a person opens the thread, makes it unread and ends its snooze; the rest only moves it up."""
    tx.execute(HEAR, {**asdict(heard), "found_by": list(heard.found_by)})


def set_read(tx: Tx, thread_id: UUID, version: int, unread: bool, by: str, at: datetime) -> bool:
    """Each of these changes: whether the thread stood at that version."""
    what = "unread = true, done = false, snoozed_until = null" if unread else "unread = false"
    return _change(tx, thread_id, version, what, by, at)


def close(tx: Tx, thread_id: UUID, version: int, by: str, at: datetime) -> bool:
    """Whoever waited for an answer waits no more."""
    what = "done = true, unread = false, snoozed_until = null, waits_since = null"
    return _change(tx, thread_id, version, what, by, at)


def reopen(tx: Tx, thread_id: UUID, version: int, by: str, at: datetime) -> bool:
    return _change(tx, thread_id, version, "done = false", by, at)


def assign(tx: Tx, thread_id: UUID, version: int, owner_id: UUID | None, by: str, at: datetime) -> bool:
    return _change(tx, thread_id, version, "owner_id = %(owner)s", by, at, owner=owner_id)


def snooze(tx: Tx, thread_id: UUID, version: int, until: datetime | None, by: str, at: datetime) -> bool:
    what = "snoozed_until = %(until)s, unread = false, done = false" if until else "snoozed_until = %(until)s"
    return _change(tx, thread_id, version, what, by, at, until=until)


def _change(tx: Tx, thread_id: UUID, version: int, what: str, by: str, at: datetime, **more: Any) -> bool:
    query = f"update thread set {what}, {EACH_CHANGE} where thread_id = %(thread)s and version = %(version)s"
    return tx.execute(query, {"thread": thread_id, "version": version, "by": by, "at": at, **more}).rowcount == 1


def waits_since(tx: Tx, thread_id: UUID) -> datetime | None:
    """Since when its guest waits; whoever asks holds the thread until the end of the transaction."""
    row = tx.execute("select waits_since from thread where thread_id = %s for update", [thread_id]).fetchone()
    return row[0] if row else None


def answered(tx: Tx, thread_id: UUID, seen: datetime | None, by: str, at: datetime) -> None:
    """What the guest wrote up to `seen` is read and answered; what came meanwhile stays unread, and waits."""
    tx.execute(ANSWERED, {"thread": thread_id, "seen": seen, "by": by, "at": at})


def touch(tx: Tx, guests: Sequence[UUID]) -> None:
    """Something that is shown of their threads has changed; a stranger's is named by its own number."""
    tx.execute(TOUCH, {"guests": list(guests)})


def unanswered_again(tx: Tx, messages: Sequence[UUID]) -> None:
    """These answers were not sent: somebody looks again, and who waited waits still, unless another answer was sent."""
    tx.execute(UNANSWERED_AGAIN, {"messages": list(messages), "may_arrive": MAY_ARRIVE})


def top_of(tx: Tx, guest_id: UUID) -> UUID:
    """Who a guest is since guests were merged."""
    row = tx.execute("select top_of(%s::uuid)", [guest_id]).fetchone()
    return row[0] if row else guest_id


def hold_stranger(tx: Tx, thread_id: UUID, version: int) -> tuple[str, str] | None:
    """Channel and point of a stranger's thread that stands at that version, held until the transaction ends."""
    query = """
        select channel, point from thread
        where thread_id = %s and version = %s and guest_id is null for update
    """
    row = tx.execute(query, [thread_id, version]).fetchone()
    return (row[0], row[1]) if row else None


def thread_of_stranger(tx: Tx, channel: str, point: str) -> UUID:
    """The number of the thread of whoever writes from there and is nobody's guest."""
    row = tx.execute("select thread_of(null, %s, %s)", [channel, point]).fetchone()
    assert row is not None
    found: UUID = row[0]
    return found


def part_stranger(tx: Tx, guest_id: UUID, channel: str, point: str) -> None:
    """What a stranger wrote is a thread of its own again, in the state that the guest's had; the guest's is found anew
    from what is left of it, and goes where nothing is."""
    values = {"guest": guest_id, "channel": channel, "point": point, "for_a_person": list(FOR_A_PERSON)}
    tx.execute(PART_STRANGER, values)
    part(tx, guest_id, guest_id)


def part(tx: Tx, guest_id: UUID, other: UUID) -> None:
    """A guest stands alone again: of both, what is theirs is found anew, and both keep the state the thread had."""
    tx.execute(PART, {"guests": [guest_id, other], "other": other, "for_a_person": list(FOR_A_PERSON)})
    tx.execute(DROP_EMPTY, {"guests": [guest_id, other]})


def name(tx: Tx, guests: Sequence[Any]) -> None:
    """Threads are found by the names their guests have now."""
    tx.execute(NAME, {"guests": [str(guest) for guest in guests]})


MAY_ARRIVE = [MessageState.QUEUED, MessageState.HELD, MessageState.SENT, MessageState.UNKNOWN]
TOUCH = """
    update thread set touched = touched + 1
    where guest_id in (select top_of(guest_id) from unnest(%(guests)s::uuid[]) as guest_id)
       or thread_id = any(%(guests)s::uuid[])
"""
HEAR = """
    insert into thread as known (thread_id, guest_id, channel, point, name_key, hotels, is_common, last_at, heard_at,
                                 unread, done, waits_since, found_by)
    select thread_of(%(guest_id)s::uuid, %(channel)s, %(point)s), %(guest_id)s::uuid, %(channel)s,
           case when %(guest_id)s::uuid is null then %(point)s else '' end,
           coalesce((select folded(family_name || ' ' || given_name) from guest_known
                     where guest_id = %(guest_id)s::uuid), ''),
           array_remove(array[%(hotel)s::text], null), %(hotel)s::text is null, %(at)s,
           case when %(needs_a_person)s then %(at)s::timestamptz end, %(needs_a_person)s, not %(needs_a_person)s,
           case when %(needs_a_person)s then %(at)s::timestamptz end, %(found_by)s::int[]
    on conflict (thread_id) do update
    set touched = known.touched + 1, version = known.version + excluded.unread::int,
        found_by = case when known.found_by @> excluded.found_by then known.found_by
                        else known.found_by || excluded.found_by end,
        channel = case when excluded.last_at >= known.last_at then excluded.channel else known.channel end,
        hotels = case when known.hotels @> excluded.hotels then known.hotels else known.hotels || excluded.hotels end,
        is_common = known.is_common or excluded.is_common,
        last_at = greatest(known.last_at, excluded.last_at), heard_at = greatest(known.heard_at, excluded.heard_at),
        unread = known.unread or excluded.unread, done = known.done and not excluded.unread,
        snoozed_until = case when excluded.unread then null else known.snoozed_until end,
        waits_since = coalesce(known.waits_since, excluded.waits_since)
"""
ANSWERED = """
    update thread
    set touched = touched + 1, version = version + 1, last_at = greatest(last_at, %(at)s), changed_by = %(by)s,
        changed_at = %(at)s, unread = unread and coalesce(heard_at > %(seen)s::timestamptz, true), done = false,
        snoozed_until = null,
        waits_since = case when heard_at > %(seen)s::timestamptz then heard_at end
    where thread_id = %(thread)s
"""
UNANSWERED_AGAIN = """
    with lost as (
        select top_of(guest_id) as guest_id, to_stranger, min(waited_since) as since, max(answered_at) as at
        from thread_answer where message_id = any(%(messages)s::uuid[]) group by 1, 2
    )
    update thread
    set touched = touched + 1, version = version + 1, unread = true, done = false, snoozed_until = null,
        waits_since = case
            when exists (
                select from thread_answer as other
                where other.guest_id = lost.guest_id and other.answered_at >= lost.since
                  and other.state = any(%(may_arrive)s) and other.message_id <> all(%(messages)s::uuid[]))
            then waits_since
            else least(waits_since, lost.since) end
    from lost
    where thread.guest_id = lost.guest_id and not to_stranger or thread_id = lost.guest_id and to_stranger
"""
PART = """
    with recursive person as (
        select guest_id as top, guest_id from unnest(%(guests)s::uuid[]) as guest_id
        union
        select person.top, other.guest_id from guest_known as other join person on other.into_guest_id = person.guest_id
    ), said as (
        select top, reply.channel, message.property, received_at as at,
               taken_as = any(%(for_a_person)s) as for_a_person, true as is_theirs
        from person join reply using (guest_id) left join message_known as message using (message_id)
        where text_sealed is not null
        union all
        select top, channel, property, answered_at, false, false from person join thread_answer using (guest_id)
    ), found as (
        select top, (array_agg(channel order by is_theirs desc, at desc))[1] as channel,
               coalesce(array_agg(distinct property) filter (where property is not null), '{}') as hotels,
               bool_or(property is null) as is_common, max(at) as last_at,
               max(at) filter (where for_a_person) as heard_at
        from said group by top having bool_or(is_theirs)
    )
    insert into thread as known (thread_id, guest_id, channel, name_key, hotels, is_common, last_at, heard_at, unread,
                                 done, owner_id)
    select thread_of(top, '', ''), top, found.channel, folded(family_name || ' ' || given_name), found.hotels,
           found.is_common, found.last_at, found.heard_at, coalesce(was.unread, false) and found.heard_at is not null,
           coalesce(was.done, true), was.owner_id
    from found join guest_known as guest on guest.guest_id = top and not gone
    left join thread as was on was.guest_id = %(other)s::uuid
    order by 1
    on conflict (thread_id) do update
    set version = known.version + 1, touched = known.touched + 1, channel = excluded.channel,
        hotels = excluded.hotels, is_common = excluded.is_common, last_at = excluded.last_at,
        heard_at = excluded.heard_at, unread = known.unread and excluded.heard_at is not null,
        waits_since = case when excluded.heard_at >= known.waits_since then known.waits_since end
"""
PART_STRANGER = """
    with said as (
        select message.property, received_at as at, taken_as = any(%(for_a_person)s) as for_a_person, true as is_theirs
        from reply left join message_known as message using (message_id)
        where reply.guest_id is null and reply.channel = %(channel)s and reply.point = %(point)s
          and text_sealed is not null
        union all
        select property, answered_at, false, false from thread_answer
        where guest_id = thread_of(null, %(channel)s, %(point)s) and to_stranger
    ), found as (
        select coalesce(array_agg(distinct property) filter (where property is not null), '{}') as hotels,
               bool_or(property is null) as is_common, max(at) as last_at,
               max(at) filter (where for_a_person) as heard_at
        from said having bool_or(is_theirs)
    )
    insert into thread as known (thread_id, guest_id, channel, point, hotels, is_common, last_at, heard_at, unread,
                                 done, owner_id, waits_since, found_by)
    select thread_of(null, %(channel)s, %(point)s), null, %(channel)s, %(point)s, found.hotels, found.is_common,
           found.last_at, found.heard_at, coalesce(was.unread, false) and found.heard_at is not null, false,
           was.owner_id, case when found.heard_at >= was.waits_since then was.waits_since end,
           coalesce(was.found_by, '{}')
    from found left join thread as was on was.guest_id = %(guest)s::uuid
    on conflict (thread_id) do update
    set version = known.version + 1, touched = known.touched + 1, done = false, hotels = excluded.hotels,
        is_common = excluded.is_common, last_at = excluded.last_at, heard_at = excluded.heard_at
"""
DROP_EMPTY = """
    delete from thread where guest_id = any(%(guests)s::uuid[]) and not exists (
        select from reply where reply.guest_id = any(
            with recursive person as (
                select thread.guest_id
                union
                select other.guest_id from guest_known as other join person on other.into_guest_id = person.guest_id
            )
            select guest_id from person))
"""
NAME = """
    update thread set name_key = folded(family_name || ' ' || given_name)
    from guest_known as guest
    where thread.guest_id = guest.guest_id and guest.guest_id = any(%(guests)s::uuid[])
      and name_key <> folded(family_name || ' ' || given_name)
"""
