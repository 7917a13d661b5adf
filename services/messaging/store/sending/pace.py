"""At which instants a channel's senders may each be given a message, where that many a second are allowed."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.database.pool import Tx


def reserve(tx: Tx, channel: str, count: int, apart: timedelta, now: datetime) -> datetime:
    """So many instants, so far apart, for the asker alone; the first of them. They follow what any sender reserved
    before, also one that has ended; where a clock was put back they begin now."""
    row = tx.execute(
        """
        insert into sender_pace as known (channel, next_at) values (%(channel)s, %(now)s + %(apart)s * %(count)s)
        on conflict (channel) do update set next_at = %(apart)s * %(count)s + case
            when known.next_at between %(now)s and %(now)s + interval '1 minute' then known.next_at else %(now)s end
        returning next_at - %(apart)s * %(count)s
        """,
        {"channel": channel, "count": count, "apart": apart, "now": now},
    ).fetchone()
    assert row is not None
    first: datetime = row[0]
    return first
