"""Threads as the inbox lists them: of the hotels somebody sees, by view, channel and search, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.feedback.queries.guests import Named
from services.feedback.queries.inbox.sought import NOTHING, find
from services.feedback.queries.scope import seen
from services.feedback.rules.inbox import View
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class ThreadLine(Named):
    """`guest_id`: None of a stranger. `heard_at`: when they last wrote something for a person; `waits_since`: since
    when nobody has answered that. `back`: it was put off until a moment that has come.
    """

    thread_id: UUID
    version: int
    touched: int
    guest_id: UUID | None
    language: str | None
    point: str
    channel: str
    hotels: list[str]
    hotel: str | None
    property: str | None
    zone: str
    last_at: datetime
    heard_at: datetime | None
    unread: bool
    done: bool
    snoozed_until: datetime | None
    owner_id: UUID | None
    owner: str | None
    waits_since: datetime | None
    changed_by: str | None
    changed_at: datetime | None
    place_at: datetime

    def subject(self) -> UUID:
        """Whose words they are: the guest's, or of a stranger the thread's own."""
        return self.guest_id or self.thread_id

    def is_snoozed(self, now: datetime) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > now


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a guest said last in a thread."""

    thread_id: UUID
    channel: str
    text_sealed: str | None


@dataclass(frozen=True, kw_only=True)
class ThreadFilter:
    """`contacts`: whether they may look for parts of addresses and numbers."""

    view: View
    channel: str
    sought: str
    scope: Scope
    me: UUID
    now: datetime
    after: tuple[datetime, UUID] | None = None
    contacts: bool = False


@dataclass(frozen=True, kw_only=True)
class Counts:
    unread: int
    open: int
    mine: int
    unassigned: int
    snoozed: int


A_PAGE = 50


def threads(tx: Tx, asked: ThreadFilter) -> list[ThreadLine]:
    """One more than a page, newest first."""
    conditions, sought = [SEEN, OF_VIEW[asked.view]], NOTHING
    if asked.channel:
        conditions.append("thread.channel = %(channel)s")
    if asked.sought:
        conditions.append(SOUGHT)
        sought = find(tx, asked.sought, asked.scope, contacts=asked.contacts)
    if asked.after:
        conditions.append("(thread.place_at, thread.thread_id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)")
    after_at, after_id = asked.after or (None, None)
    params = {
        **asked.scope.values,
        "channel": asked.channel,
        "words": sought.words,
        "by_reservation": sought.threads,
        "me": asked.me,
        "now": asked.now,
        "after_at": after_at,
        "after_id": after_id,
        "most": A_PAGE + 1,
    }
    query = f"{LINE} where {' and '.join(conditions)} order by place_at desc, thread_id desc limit %(most)s"
    return tx.rows(ThreadLine, query, params)


def thread(tx: Tx, thread_id: UUID, scope: Scope) -> ThreadLine | None:
    """One that somebody of these hotels sees."""
    params = {"thread_id": thread_id, **scope.values}
    found = tx.rows(ThreadLine, f"{LINE} where thread_id = %(thread_id)s and {SEEN}", params)
    return found[0] if found else None


def thread_of(tx: Tx, guest_id: UUID, scope: Scope) -> ThreadLine | None:
    params = {"guest_id": guest_id, **scope.values}
    found = tx.rows(ThreadLine, f"{LINE} where thread.guest_id = top_of(%(guest_id)s::uuid) and {SEEN}", params)
    return found[0] if found else None


def last_said(tx: Tx, lines: Sequence[ThreadLine], scope: Scope) -> Mapping[UUID, Said]:
    """By thread, what the guest wrote last, as far as these hotels' people see it."""
    found = tx.rows(Said, LAST_SAID, {"threads": [line.thread_id for line in lines], **scope.values})
    return {one.thread_id: one for one in found}


def counts(tx: Tx, scope: Scope, me: UUID, now: datetime) -> Counts:
    params: dict[str, Any] = {**scope.values, "me": me, "now": now}
    return tx.rows(Counts, COUNTS, params)[0]


def count_unread(tx: Tx, scope: Scope) -> int:
    row = tx.execute(COUNT_UNREAD, scope.values).fetchone()
    return row[0] if row else 0


SEEN = "(%(everywhere)s::boolean or thread.seen_at && %(hotels)s::text[])"
"""The trigger of the table keeps `seen_at`: the hotels it is about, and where it is about none those of its guest."""
AWAKE = "(snoozed_until is null or snoozed_until <= %(now)s)"
OF_VIEW: Mapping[View, str] = {
    View.OPEN: f"not done and {AWAKE}",
    View.UNREAD: "unread",
    View.MINE: f"owner_id = %(me)s and not done and {AWAKE}",
    View.UNASSIGNED: f"owner_id is null and not done and {AWAKE}",
    View.SNOOZED: "not done and snoozed_until > %(now)s",
    View.DONE: "done",
    View.ALL: "true",
}
SOUGHT = "(name_words @@ %(words)s::tsquery or thread.thread_id = any(%(by_reservation)s::uuid[]))"
"""With the words as a value, so that a beginning which many names share is read along the list and not all of it."""
LINE = """
    select thread.thread_id, thread.version, touched, thread.guest_id, coalesce(guest.given_name, '') as given_name,
           coalesce(guest.family_name, '') as family_name,
           case when thread.guest_id is not null then guest.language else (
               select language from reply where guest_id is null and reply.point = thread.point
               order by received_at desc limit 1) end as language, thread.point, thread.channel,
           thread.hotels, house.name as hotel, house.code as property, coalesce(house.zone, 'UTC') as zone, last_at,
           heard_at, unread, done, snoozed_until, owner_id, person.name as owner, waits_since, changed_by,
           changed_at, place_at
    from thread
    left join guest_known as guest on guest.guest_id = thread.guest_id
    left join hotel_known as house on house.code = coalesce(thread.hotels[1], guest.home_property)
    left join person_known as person on person.person_id = thread.owner_id
"""
LAST_SAID = f"""
    with recursive person as (
        select thread_id, guest_id as top, guest_id from thread
        where thread_id = any(%(threads)s::uuid[]) and guest_id is not null
        union
        select person.thread_id, person.top, other.guest_id
        from guest_known as other join person on other.into_guest_id = person.guest_id
    ), said as (
        select person.thread_id, last.* from person cross join lateral (
            select reply.channel, text_sealed, received_at from reply
            left join message_known as message using (message_id)
            left join guest_known as guest on guest.guest_id = person.top
            where reply.guest_id = person.guest_id and text_sealed is not null and {seen("message.property")}
            order by received_at desc limit 1
        ) as last
        union all
        select thread.thread_id, last.* from thread cross join lateral (
            select reply.channel, text_sealed, received_at from reply
            where reply.guest_id is null and reply.point = thread.point and text_sealed is not null
            order by received_at desc limit 1
        ) as last
        where thread.thread_id = any(%(threads)s::uuid[]) and thread.guest_id is null
    )
    select distinct on (thread_id) thread_id, channel, text_sealed from said order by thread_id, received_at desc
"""
COUNTS = f"""
    select count(*) filter (where unread) as unread, count(*) filter (where {AWAKE}) as open,
           count(*) filter (where owner_id = %(me)s and {AWAKE}) as mine,
           count(*) filter (where owner_id is null and {AWAKE}) as unassigned,
           count(*) filter (where snoozed_until > %(now)s) as snoozed
    from thread where not done and {SEEN}
"""
COUNT_UNREAD = f"select count(*) from thread where unread and {SEEN}"
