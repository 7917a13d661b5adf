"""Audiences by the clock: the turn of the day, the full evaluation, snapshots, sizes and conversions."""

from __future__ import annotations

import threading
from datetime import datetime

from services.segments.commands.evaluation.broken_rules import ROLE
from services.segments.commands.evaluation.full_evaluation import evaluate_some
from services.segments.commands.evaluation.ranks import take_due_ranks
from services.segments.commands.evaluation.snapshot import next_snapshot, take_due_snapshot
from services.segments.commands.evaluation.sweep import sweep, sweep_carefully
from services.segments.commands.evaluation.sweep_parts import evaluate_parts
from services.segments.commands.money.convert_again import convert_next_range
from services.segments.commands.segments.lifecycle import take_segments_back
from services.segments.commands.tags import keep_next_range, tag_next_range
from services.segments.commands.tiers import keep_next_tiers
from services.segments.store.evaluation.full_runs import planned_since
from services.segments.store.evaluation.sizes import keep_sizes, next_size_day
from services.segments.store.evaluation.sweep_parts import planned_since as parts_planned_since
from services.segments.store.evaluation.sweeping import next_turn
from services.segments.store.money.conversions import next_run
from services.segments.store.tags import next_due
from services.segments.store.tiers import next_due as next_tiers
from shared.bus.set_aside import wanted_again
from shared.clock import Clock
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database


class Sweep:
    """Moves guests across the borders of relative rules, at each local midnight; many of them in parts, `evaluators` at
    once."""

    name = "sweep"

    def __init__(self, database: Database, evaluators: int = 1) -> None:
        self._database, self._evaluators = database, evaluators
        self._stop = threading.Event()

    def stop_on(self, stop: threading.Event) -> None:
        self._stop = stop

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            due = [at for at in (next_turn(tx), parts_planned_since(tx)) if at is not None]
        return min(due, default=None)

    def step(self, now: datetime) -> int:
        return self._turn(now) + evaluate_parts(self._database, now, self._evaluators, self._stop)

    def _turn(self, now: datetime) -> int:
        """Where it raises, zone by zone: the zone that fails alone is set aside, the others turn."""
        try:
            with self._database.transaction() as tx:
                return sweep(tx, now, in_parts=True)
        except Exception as error:  # one zone must not end the role
            if is_passing(error):
                raise
        with self._database.transaction() as tx:
            return sweep_carefully(tx, now)


class FullEvaluation:
    """Evaluates all guests after a change of rules, some ranges a step, `evaluators` of them at once. `clock`: tells as
    of when each range is evaluated; by default as of the step."""

    name = "walk"

    def __init__(self, database: Database, evaluators: int = 1, clock: Clock | None = None) -> None:
        self._database, self._evaluators, self._clock = database, evaluators, clock
        self._stop = threading.Event()

    def stop_on(self, stop: threading.Event) -> None:
        self._stop = stop

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return planned_since(tx) or wanted_again(tx, ROLE)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            taken_back = take_segments_back(tx, now)
            if planned_since(tx) is None:
                return taken_back
        as_of = self._clock.now if self._clock else lambda: now
        return evaluate_some(self._database, as_of, self._evaluators, self._stop)


class Snapshots:
    """Takes the averages and the ranks that rules compare guests with."""

    name = "snapshots"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_snapshot(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            return take_due_snapshot(tx, now) + take_due_ranks(tx, now)


class Conversions:
    """Converts amounts anew after a rate or a currency changed, one range a step."""

    name = "conversions"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            run = next_run(tx)
        return run.planned_at if run else None

    def step(self, now: datetime) -> int:
        if self.next_due() is None:  # asked first, so that nobody waits for an import's turn to find nothing to do
            return 0
        with self._database.transaction() as tx:
            return int(convert_next_range(tx, now))


class Tags:
    """Puts tags on whole segments, and keeps those that rules give, and tiers, one range a step."""

    name = "tags"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            due = [at for at in (next_due(tx), next_tiers(tx)) if at is not None]
        return min(due, default=None)

    def step(self, now: datetime) -> int:
        due = self.next_due()  # asked first, so that nobody waits for an import's turn to find nothing to do
        if due is None or due > now:
            return 0
        with self._database.transaction() as tx:
            return int(tag_next_range(tx, now) or keep_next_range(tx, now) or keep_next_tiers(tx, now))


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
