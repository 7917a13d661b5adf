"""Alerts: the next one is called when nobody answered, and what has become late is told."""

from __future__ import annotations

from datetime import datetime

from services.feedback.commands.alerts.escalating import escalate
from services.feedback.commands.heard.understanding import hear_what_was_there
from services.feedback.store.care.alerts import next_due
from services.feedback.store.heard.texts import oldest_unheard
from shared.database.pool import Database


class Alerts:
    """Several may run at once: each takes what the others have not locked. A crash before the commit leaves everything
    due; after it, the calls are in the outbox.

    Between alerts it understands words that were there before topics were: a set takes less than a second, and there
    are none again once all are done, so that they need no role of their own.
    """

    name = "alerts"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            due = [at for at in (next_due(tx), oldest_unheard(tx)) if at is not None]
        return min(due, default=None)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            if (escalated := escalate(tx, now)) > 0:
                return escalated
        with self._database.transaction() as tx:
            return hear_what_was_there(tx, now)
