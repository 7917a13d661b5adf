"""Figures that count guests, and their classes, at night, and what is to be expected of them, once a month. Half a file
is neither.
"""

from __future__ import annotations

from datetime import datetime

from services.segments.clock.after_imports import due_after_imports
from services.segments.commands.figures.count import count_next, next_count
from services.segments.commands.prediction.predict import next_prediction, predict
from services.segments.commands.rfm.night import count_rfm, never_counted, next_rfm
from shared.database.pool import Database


class GuestFigures:
    """One window a step, then the classes, which the first time of all bring averages and come before; each its own
    transaction: ended on the way, it goes on where it was."""

    name = "figures"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            times = [at for at in (next_count(tx), next_rfm(tx)) if at is not None]
            return due_after_imports(tx, min(times, default=None))

    def step(self, now: datetime) -> int:
        due = self.next_due()
        if due is None or due > now:
            return 0
        with self._database.transaction() as tx:
            at = next_count(tx)
            if at is None or at > now or never_counted(tx):
                count_rfm(tx, now)
            else:
                count_next(tx, now)
        return 1


class Predictions:
    """What is to be expected of guests, once a month: of all whom a file brings, where one is just coming in."""

    name = "predictions"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return due_after_imports(tx, next_prediction(tx))

    def step(self, now: datetime) -> int:
        due = self.next_due()
        if due is None or due > now:
            return 0
        predict(self._database, now)
        return 1
