"""The clock: what is due is moved on."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.commands.fire import fire
from services.campaigns.commands.let_in import let_in
from services.campaigns.store.timers import next_due
from shared.database.pool import Database


class Timers:
    """Several may run at once: each takes what the others do not hold."""

    name = "timers"

    def __init__(self, database: Database, *, most: int) -> None:
        self._database, self._most = database, most

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            return let_in(tx, now) + fire(tx, now, self._most)

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_due(tx)
