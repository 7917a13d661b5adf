"""A heartbeat of access is published."""

from __future__ import annotations

from datetime import datetime

from services.console.store import heartbeats as store
from shared.access.heartbeat import PRUNED_AFTER, PRUNED_UNTIL
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import AccessHeartbeat


def beat(tx: Tx, at: datetime) -> None:
    """Publishes a heartbeat behind everything published so far. One that still waits is withdrawn: while the bus stands
    still a single one waits, and it proves what was published meanwhile."""
    store.withdraw_waiting(tx)
    store.prune(tx, at - PRUNED_UNTIL, at - PRUNED_AFTER)
    heartbeat = AccessHeartbeat(publisher=tx.service, version=int(at.timestamp()), occurred_at=at)
    publish(tx, chunk_of([heartbeat]), at=at)
