"""Many messages whose outcome is unclear at once, by what they have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.messaging.queries.scope import MESSAGE_SEEN
from services.messaging.store.sending.results import STATE, MessageStatus
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which; what is empty is not asked. `since` and `before`: when they were handed over; `by`: they were unclear by
    then, so that what became so later is left alone."""

    scope: Scope = field(default=EVERYWHERE)
    channel: str = ""
    reason: str = ""
    sender: str = ""
    since: datetime | None = None
    before: datetime | None = None
    by: datetime | None = None

    @property
    def asked(self) -> dict[str, str]:
        """For the audit trail."""
        told = {"channel": self.channel, "reason": self.reason, "sender": self.sender}
        told |= {name: at.isoformat() for name in ("since", "before") if (at := getattr(self, name))}
        return {name: value for name, value in told.items() if value}

    @property
    def values(self) -> dict[str, Any]:
        return {**vars(self), **self.scope.values}


MATCHES = f"""
    message.state = 'unknown' and {MESSAGE_SEEN}
    and (%(channel)s = '' or message.channel = %(channel)s)
    and (%(reason)s = '' or message.reason = %(reason)s)
    and (%(sender)s = '' or coalesce(message.sender_id::text, message.channel) = %(sender)s)
    and (%(since)s::timestamptz is null or coalesce(message.claimed_at, message.changed_at) >= %(since)s)
    and (%(before)s::timestamptz is null or coalesce(message.claimed_at, message.changed_at) < %(before)s)
    and (%(by)s::timestamptz is null or message.changed_at <= %(by)s)
"""
FROM = "delivery as message left join recipient as guest using (guest_id)"


def count(tx: Tx, wanted: Wanted) -> int:
    row = tx.execute(f"select count(*)::int from {FROM} where {MATCHES}", wanted.values).fetchone()
    assert row is not None
    return int(row[0])


def reasons(tx: Tx, wanted: Wanted) -> list[tuple[str | None, str | None, int, datetime]]:
    """By channel and reason how many, and when the first was handed over; most first."""
    return tx.execute(
        f"""
        select message.channel, message.reason, count(*)::int, min(coalesce(message.claimed_at, message.changed_at))
        from {FROM} where {MATCHES} group by 1, 2 order by 3 desc, 1, 2
        """,
        wanted.values,
    ).fetchall()


def settle_next(tx: Tx, wanted: Wanted, state: str, reason: str, at: datetime, most: int) -> list[MessageStatus]:
    """The next so many as a person found them; those that somebody is settling at this moment are left to them."""
    return tx.rows(
        MessageStatus,
        f"""
        with picked as materialized (
            select message.message_id from {FROM} where {MATCHES}
            order by message.changed_at, message.message_id limit %(most)s for update of message skip locked
        ), ended as (
            update delivery set state = %(state)s, version = version + 1, reason = %(found)s, changed_at = %(at)s
            from picked where delivery.message_id = picked.message_id and state = 'unknown'
            returning delivery.*
        ), decided as (
            insert into decision (message_id, at, state, reason, channel, address_sealed, language)
            select message_id, %(at)s, state, reason, channel, address_sealed, language from ended order by message_id
        )
        select {STATE} from ended order by message_id
        """,
        {**wanted.values, "state": state, "found": reason, "at": at, "most": most},
    )
