"""How old a service's copy of access may be: console publishes a heartbeat, each service keeps when it heard the last.

A heartbeat stands behind everything that console published before it, in the outbox, in the queue and in the mailbox.
So whoever has handled one knows of every access that had ended until then. Its age is measured by the clock of the
service that heard it; what the publisher's clock says is nobody's measure.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.database.pool import Tx
from shared.events.dictionary import Chunk

HEARTBEAT = "access.heartbeat.v1"
BEATS_EVERY = timedelta(seconds=10)
TOO_OLD = timedelta(seconds=30)
PRUNED_AFTER, PRUNED_UNTIL = timedelta(minutes=10), timedelta(minutes=30)
"""What heartbeats leave behind in outbox and inbox is removed within this span of age; what is missed there (while
nothing ran) goes with the rest, days later."""


def keep_heartbeat(tx: Tx, chunk: Chunk, now: datetime) -> None:
    """Notes when one was heard, and drops the numbers of old messages of its subscription: each of its handlers applies
    the greater version, and eight thousand rows a day would serve nothing."""
    tx.execute(KEEP, {"publisher": chunk["publisher"], "version": chunk["version"], "now": now})
    tx.execute(PRUNE_INBOX, (now - PRUNED_UNTIL, now - PRUNED_AFTER))


def last_heard(tx: Tx) -> datetime | None:
    """By this service's clock; None before the first heartbeat ever, which an installation of an earlier version does
    not send."""
    row = tx.execute("select max(heard_at) from access_heard").fetchone()
    return row[0] if row else None


KEEP = """
    insert into access_heard as old (publisher, version, heard_at)
    select publisher, max(version), %(now)s
    from unnest(%(publisher)s::text[], %(version)s::bigint[]) as new (publisher, version)
    group by publisher
    on conflict (publisher) do update
    set version = greatest(old.version, excluded.version), heard_at = greatest(old.heard_at, excluded.heard_at)
"""
PRUNE_INBOX = "delete from inbox where received_at >= %s and received_at < %s and concern = 'access'"
