"""Alerts: the next one is called when nobody answered, and what has become late is told."""

from __future__ import annotations

from datetime import datetime

from services.feedback.commands.alerts.escalating import escalate
from services.feedback.store.care.alerts import next_due
from shared.database.pool import Database


class Alerts:
    """Several may run at once: each takes what the others have not locked. A crash before the commit leaves everything
    due; after it, the calls are in the outbox.
    """

    name = "alerts"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_due(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            return escalate(tx, now)
