"""Heartbeats in console's own outbox."""

from __future__ import annotations

from datetime import datetime

from shared.access.heartbeat import HEARTBEAT
from shared.database.pool import Tx


def withdraw_waiting(tx: Tx) -> None:
    """Those not published yet. The relay may be publishing one at this moment: it is heard, and its row is gone."""
    tx.execute("delete from outbox where type = %s and published_at is null", (HEARTBEAT,))


def prune(tx: Tx, since: datetime, until: datetime) -> None:
    """Those published in that span: what is sent again after a loss are the last minutes."""
    tx.execute(
        "delete from outbox where type = %s and published_at >= %s and published_at < %s", (HEARTBEAT, since, until)
    )
