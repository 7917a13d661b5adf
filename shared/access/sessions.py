"""Sessions that were ended before their time, as every service knows them.

A session is a signed cookie with a number, so no service asks console whether it is good. The number of an ended one is
published, and each service keeps it until the cookie would have expired: by then nothing depends on it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def is_ended(tx: Tx, session_id: UUID) -> bool:
    return tx.execute("select 1 from session_ended where session_id = %s", (session_id,)).fetchone() is not None


def keep_ended_sessions(tx: Tx, chunk: Chunk, now: datetime) -> None:
    """Keeps the numbers, and drops those whose cookies have expired by now."""
    tx.execute(KEEP_ENDED, {"session_id": chunk["session_id"], "ends_at": chunk["ends_at"]})
    tx.execute("delete from session_ended where ends_at < %s", (now,))


KEEP_ENDED = """
    insert into session_ended (session_id, ends_at)
    select distinct on (session_id) session_id, ends_at
    from unnest(%(session_id)s::uuid[], %(ends_at)s::timestamptz[]) as new (session_id, ends_at)
    order by session_id
    on conflict do nothing
"""
