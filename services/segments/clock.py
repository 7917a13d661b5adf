"""What time alone makes due in segments: the turn of the day, the full evaluation, sizes, conversions and imports."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from services.segments.commands.evaluation.broken_rules import ROLE
from services.segments.commands.evaluation.full_evaluation import evaluate_next_range
from services.segments.commands.evaluation.snapshot import next_snapshot, take_due_snapshot
from services.segments.commands.evaluation.sweep import sweep, sweep_carefully
from services.segments.commands.guests.index_search import index_next
from services.segments.commands.guests.search_duplicates import next_search, plan_first_search, search_on
from services.segments.commands.money.convert_again import convert_next_range
from services.segments.commands.reservations.cleaning import clean_next_points
from services.segments.commands.segments.lifecycle import take_segments_back
from services.segments.commands.sign_ups.take import TakingOver, take_next
from services.segments.config import Config
from services.segments.imports.uploads import delete_left_uploads, delete_upload
from services.segments.imports.watching import Watch
from services.segments.imports.worker import take_from_folder, work_next
from services.segments.store.evaluation.full_runs import planned_since
from services.segments.store.evaluation.sizes import keep_sizes, next_size_day
from services.segments.store.evaluation.sweeping import next_turn
from services.segments.store.guests.cleaning import is_clean
from services.segments.store.guests.search_rows import any_due, note_look
from services.segments.store.imports import files as import_files
from services.segments.store.imports.runs import last_entered
from services.segments.store.money.conversions import next_run
from services.segments.store.sign_ups import oldest_waiting
from services.segments.systems.role import Systems
from shared.bus.roles import Timed
from shared.bus.set_aside import wanted_again
from shared.clock import Clock, VirtualClock
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database
from shared.errors import Problem
from shared.vocabulary.file_problem import FileProblem

CLEARED_EVERY = timedelta(hours=1)
DRAFTS_KEPT = timedelta(days=7)
FOUND_WITHIN = timedelta(minutes=15)  # of the beginning of an import
LOOK_NOTED_EVERY = timedelta(minutes=1)
PASSED_ON_WITHIN = timedelta(minutes=1)  # of its end, what came in is with the other services
UPLOADED_WITHIN = timedelta(hours=1)  # a file whose row is not there yet may still be on its way

log = structlog.get_logger()


class Sweep:
    """Moves guests across the borders of relative rules, at each local midnight."""

    name = "sweep"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_turn(tx)

    def step(self, now: datetime) -> int:
        """Where it raises, zone by zone: the zone that fails alone is set aside, the others turn."""
        try:
            with self._database.transaction() as tx:
                return sweep(tx, now)
        except Exception as error:  # one zone must not end the role
            if is_passing(error):
                raise
        with self._database.transaction() as tx:
            return sweep_carefully(tx, now)


class FullEvaluation:
    """Evaluates all guests after a change of rules, one range a step."""

    name = "walk"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return planned_since(tx) or wanted_again(tx, ROLE)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            taken_back = take_segments_back(tx, now)
            if planned_since(tx) is None:
                return taken_back
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


class SignUps:
    """Takes over what guests sent by a sign-up page, one a step."""

    name = "signups"

    def __init__(self, database: Database, config: Config) -> None:
        self._database = database
        self._by = TakingOver(config.agency_domains, config.confirmed)

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return oldest_waiting(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            return int(take_next(tx, self._by, now))


class DuplicateSearch:
    """Looks through the whole base, each night on which something is new, for guests who may be one."""

    name = "duplicates"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_search(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            plan_first_search(tx, now)
            return int(search_on(tx, now))


class SearchIndex:
    """Writes by what guests are found, of whom something has changed.

    While a file is imported and passed on it waits, so that neither is slower for it, though not for ever. Until then
    new guests are found by the beginnings of their names, their whole addresses and their reservations. Each minute it
    notes that it is at work (`queries/search/readiness`).
    """

    name = "search"

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._noted: datetime | None = None

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            if not any_due(tx):
                return None
            began, ended = last_entered(tx)
        waits = (began + FOUND_WITHIN if began else None, ended + PASSED_ON_WITHIN if ended else None)
        return max((self._clock.now(), *filter(None, waits)))

    def step(self, now: datetime) -> int:
        due = self.next_due()
        if due is None or due > now:
            return self._note(now, 0)
        with self._database.transaction() as tx:
            written = index_next(tx)
        return self._note(now, written)

    def _note(self, now: datetime, written: int) -> int:
        if self._noted is None or now - self._noted >= LOOK_NOTED_EVERY:
            with self._database.transaction() as tx:
                note_look(tx, now)
            self._noted = now
        return written


class Imports:
    """Works off the files handed in for import, and hands in those of the watched folder. First it cleans, once, the
    contact points that earlier versions stored.

    On a virtual clock nothing of the watched folder is ever due: a simulation leaves it alone.
    """

    name = "imports"

    def __init__(self, database: Database, config: Config, clock: Clock) -> None:
        self._database, self._config, self._clock = database, config, clock
        self._watch = Watch(config.watched) if config.watched else None
        self._cleared: datetime | None = None
        self._is_clean = False
        self._stop = threading.Event()

    def stop_on(self, stop: threading.Event) -> None:
        self._stop = stop

    def next_due(self) -> datetime | None:
        if not _holds_files(self._config.imports):
            return None
        with self._database.glance() as tx:
            file = import_files.under_way(tx)
        return file.handed_in_at if file else None

    def step(self, now: datetime) -> int:
        taken = 0
        if self._watch:
            for path in self._watch.finished(now):
                taken += self._take(path, self._watch.folder, now)
        self._clear(now)
        if cleaned := self._clean(now):
            return taken + cleaned
        return taken + work_next(self._database, self._clock, self._config.agency_domains, self._stop)

    def _take(self, path: Path, folder: Path, now: datetime) -> int:
        try:
            return take_from_folder(self._database, path, folder, now)
        except OSError as error:  # it is looked at again; its neighbours and the files handed in go on
            log.warning("a file of the watched folder cannot be taken", error=type(error).__name__)
            return 0

    def _clean(self, now: datetime) -> int:
        if self._is_clean:
            return 0
        with self._database.transaction() as tx:
            self._is_clean = is_clean(tx)
            return 0 if self._is_clean else clean_next_points(tx, self._config.agency_domains, now)

    def _clear(self, now: datetime) -> None:
        """Drafts that nobody started end, and that is said: their files hold guests' data and are removed."""
        if self._cleared is not None and now - self._cleared < CLEARED_EVERY:
            return
        self._cleared = now
        ended = {"file": Problem("nobody started it; the file was removed", FileProblem.NOT_STARTED)}
        with self._database.transaction() as tx:
            places = import_files.end_drafts(tx, now - DRAFTS_KEPT, ended, now)
            needed = import_files.waiting_places(tx)
        for place in places:
            delete_upload(place)
        delete_left_uploads(self._config.imports, needed, now - UPLOADED_WITHIN)


def _holds_files(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def clocks(database: Database, config: Config, clock: Clock) -> tuple[Timed, ...]:
    of_rules: tuple[Timed, ...] = (Sweep(database), FullEvaluation(database), Snapshots(database), SizesByDay(database))
    live: tuple[Timed, ...] = (
        DuplicateSearch(database),
        SearchIndex(database, clock),
        Systems(database, config.networks, config.agency_domains),
    )
    beside = () if isinstance(clock, VirtualClock) else live  # they change no simulation
    return (*of_rules, SignUps(database, config), Conversions(database), *beside, Imports(database, config, clock))
