"""What may be an objection and waits for a person, and what ends one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row


@row
class Applied:
    point: str
    guest_id: UUID | None
    unread: bool


def keep(tx: Tx, params: Mapping[str, Any]) -> list[Applied]:
    """Each where its version is newer; those that were. The one with whom it ends is inserted as well, so that a late
    beginning holds nothing."""
    return tx.rows(
        Applied,
        """
        insert into objection_unread as known (reply_id, point, version, channel, guest_id, unread, since)
        select distinct on (reply_id, point) *
        from unnest(%(reply_id)s::uuid[], %(point)s::text[], %(version)s::bigint[], %(channel)s::text[],
                    %(guest_id)s::uuid[], %(unread)s::boolean[], %(occurred_at)s::timestamptz[])
            as said (reply_id, point, version, channel, guest_id, unread, since)
        order by reply_id, point, version desc
        on conflict (reply_id, point) do update
        set version = excluded.version, guest_id = excluded.guest_id, unread = excluded.unread
        where excluded.version > known.version
        returning point, guest_id, unread
        """,
        params,
    )


def wake(tx: Tx, ended: Sequence[Applied], at: datetime) -> None:
    """What waited for these is judged again now; what another unread reply holds waits on.

    A claim under way has read the end of nothing yet and may hold a message because of what ends here: its guests' rows
    are waited for first, and what it held is seen by the statement after. A claim that begins later passes over these
    guests until the end is committed.
    """
    params = {
        "points": [one.point for one in ended],
        "guests": [one.guest_id for one in ended if one.guest_id],
        "at": at,
    }
    tx.execute(LOCK_CONCERNED, params)
    tx.execute(WAKE, params)


CONCERNED = """
    select guest_id from recipient_point where point = any(%(points)s) union select unnest(%(guests)s::uuid[])
"""
LOCK_CONCERNED = f"select from recipient where guest_id in ({CONCERNED}) order by guest_id for update"
WAKE = f"""
    with waiting as (
        select message_id from delivery
        where state = 'held' and reason = 'objection_unread' and guest_id in ({CONCERNED})
        order by message_id for update
    )
    update delivery set next_at = %(at)s from waiting where delivery.message_id = waiting.message_id
"""


def ended_by_objection(tx: Tx, channel: str, point: str, said_at: datetime) -> list[tuple[UUID, str]]:
    """The guests on a point and the purposes that an objection of theirs ended there before an instant: offers only
    where they had expressly agreed to them before; questions about a stay always."""
    found = tx.execute(
        """
        select guest_id, purpose from consent
        join channel_point using (guest_id, channel)
        where channel = %(channel)s and point = %(point)s and consent.state = 'withdrawn'
          and purpose in ('marketing', 'feedback') and said_at < %(said_at)s
          and (purpose = 'feedback' or 'express' = (
              select state from consent_ledger as before
              where (before.guest_id, before.channel, before.purpose)
                    = (consent.guest_id, consent.channel, consent.purpose) and before.state <> 'withdrawn'
              order by before.said_at desc, before.recorded_at desc limit 1))
        order by guest_id, purpose
        """,
        {"channel": channel, "point": point, "said_at": said_at},
    ).fetchall()
    return [(guest_id, purpose) for guest_id, purpose in found]


def lift(tx: Tx, channel: str, point: str, said_at: datetime, *, keep: str) -> None:
    """The suppressions of a point that were there before, narrowed to one purpose that stays."""
    params = {"channel": channel, "point": point, "said_at": said_at, "keep": keep}
    tx.execute(NARROW, params)
    tx.execute(LIFT, params)


NARROW = """
    insert into suppression (channel, point, purpose, source, since)
    select channel, point, %(keep)s, source, since from suppression
    where channel = %(channel)s and point = %(point)s and purpose = 'all' and since < %(said_at)s
    on conflict do nothing
"""
LIFT = """
    delete from suppression
    where channel = %(channel)s and point = %(point)s and purpose <> %(keep)s and since < %(said_at)s
"""
