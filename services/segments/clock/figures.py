"""Figures that count guests, at night."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.figures.count import count_next, next_count
from shared.database.pool import Database


class GuestFigures:
    """One window a step, each its own transaction: ended on the way, it goes on where it was."""

    name = "figures"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_count(tx)

    def step(self, now: datetime) -> int:
        due = self.next_due()
        if due is None or due > now:
            return 0
        with self._database.transaction() as tx:
            count_next(tx, now)
        return 1
