"""What time alone makes due in segments: the turn of the day, zone by zone, and the walk over all guests."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.snapshot import next_snapshot, take_due_snapshot
from services.segments.commands.sweep import sweep
from services.segments.commands.walk import evaluate_next_range, planned_walk
from services.segments.store.sizes import keep_sizes, next_size_day
from services.segments.store.sweeping import next_turn
from shared.database import Database
from shared.roles import Timed


class Sweep:
    """Moves guests across the borders of relative rules, at each local midnight."""

    name = "sweep"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_turn(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            return sweep(tx, now)


class Walk:
    """Evaluates everybody after a change of rules, one range a step."""

    name = "walk"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return planned_walk(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            if planned_walk(tx) is None:
                return 0
            evaluate_next_range(tx, now)
            return 1


class Snapshots:
    """Takes the averages that rules compare guests with."""

    name = "snapshots"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_snapshot(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            return take_due_snapshot(tx, now)


class SizesByDay:
    """Keeps how many were in each segment when a day ended."""

    name = "sizes"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._due: datetime | None = None

    def next_due(self) -> datetime | None:
        if self._due is None:
            with self._database.glance() as tx:
                self._due = next_size_day(tx)
        return self._due

    def step(self, now: datetime) -> int:
        due = self.next_due()
        if due is None or due > now:
            return 0
        with self._database.transaction() as tx:
            keep_sizes(tx, now)
        self._due = None
        return 1


def clocks(database: Database) -> tuple[Timed, ...]:
    return (Sweep(database), Walk(database), Snapshots(database), SizesByDay(database))
