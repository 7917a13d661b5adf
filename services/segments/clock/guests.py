"""Guests by the clock: sign-ups taken over, possible duplicates looked for, and what guests are found by."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.segments.clock.after_imports import due_after_imports
from services.segments.commands.duplicates.search_duplicates import next_search, plan_first_search, search_on
from services.segments.commands.finding.index_search import index_next
from services.segments.commands.sign_ups.take import TakingOver, take_next
from services.segments.config import Config
from services.segments.store.finding.search_rows import any_due, note_look
from services.segments.store.sign_ups import oldest_waiting
from shared.clock import Clock
from shared.database.pool import Database

LOOK_NOTED_EVERY = timedelta(minutes=1)


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
        due = self.next_due()  # asked first: to lock the plan only to leave it is a write, every second of the year
        if due is not None and due > now:
            return 0
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
            return due_after_imports(tx, self._clock.now() if any_due(tx) else None)

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
