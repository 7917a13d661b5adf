"""How often a key is used: so many requests a minute and no more, counted in each service's rows for all its processes.

The hour of its last use is published, so that whoever looks after keys sees which ones nobody uses any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import TooOften
from shared.events import chunk_of
from shared.events.console import KeyUsed

WINDOW = timedelta(minutes=1)
TOLD_EVERY = timedelta(hours=1)


def note_use(tx: Tx, key_id: UUID, limit: int, at: datetime) -> None:
    """Counts one request. Raises `TooOften` beyond `limit` within a minute of the clock."""
    tx.execute("set local synchronous_commit to off")  # a count lost with the machine is no loss
    minute = at.replace(second=0, microsecond=0)
    row = tx.execute(COUNT, {"key_id": key_id, "minute": minute, "at": at}).fetchone()
    assert row is not None
    requests, told_at = row
    if told_at is None or at - told_at >= TOLD_EVERY:
        tx.execute("update key_use set told_at = %s where key_id = %s", (at, key_id))
        used = KeyUsed(key_id=key_id, service=tx.service, version=int(at.timestamp()), used_at=at)
        publish(tx, chunk_of([used]), at=at)
    if requests > limit:
        raise TooOften(int((minute + WINDOW - at).total_seconds()) + 1)


COUNT = """
    insert into key_use as old (key_id, minute, requests, used_at) values (%(key_id)s, %(minute)s, 1, %(at)s)
    on conflict (key_id) do update
    set requests = case when old.minute = excluded.minute then old.requests + 1 else 1 end,
        minute = excluded.minute, used_at = greatest(old.used_at, excluded.used_at)
    returning requests, told_at
"""
