"""Files that wait to be imported, and the watched folder."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from services.segments.commands.reservations.cleaning import clean_next_points
from services.segments.config import Config
from services.segments.imports.uploads.kept import uploads_of
from services.segments.imports.watching import Watch
from services.segments.imports.worker import take_from_folder, work_next
from services.segments.store.guests.cleaning import is_clean
from services.segments.store.imports import files as import_files
from shared.clock import Clock
from shared.database.pool import Database
from shared.errors import Problem
from shared.outgoing.object_store import StoreSilent
from shared.vocabulary.file_problem import FileProblem

CLEARED_EVERY = timedelta(hours=1)
DRAFTS_KEPT = timedelta(days=7)
UPLOADED_WITHIN = timedelta(hours=1)  # a file whose row is not there yet may still be on its way

log = structlog.get_logger()


class Imports:
    """Works off the files handed in for import, and hands in those of the watched folder. First it cleans, once, the
    contact points that earlier versions stored.

    On a virtual clock nothing of the watched folder is ever due: a simulation leaves it alone.
    """

    name = "imports"

    def __init__(self, database: Database, config: Config, clock: Clock) -> None:
        self._database, self._config, self._clock = database, config, clock
        self._uploads = uploads_of(config, database.keyring, clock)
        self._watch = Watch(config.watched) if config.watched else None
        self._cleared: datetime | None = None
        self._is_clean = False
        self._stop = threading.Event()

    def stop_on(self, stop: threading.Event) -> None:
        self._stop = stop

    def next_due(self) -> datetime | None:
        if not self._uploads.may_wait():
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
        try:
            return taken + work_next(
                self._database, self._uploads, self._clock, self._config.agency_domains, self._stop
            )
        except StoreSilent as error:  # the file waits on
            log.warning("waiting", what="object store", error=str(error))
            return taken

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
        try:
            for place in places:
                self._uploads.delete(place)
            self._uploads.delete_left(needed, now - UPLOADED_WITHIN)
        except StoreSilent as error:  # in an hour again: what no import needs is found by itself
            log.warning("files that nobody needs cannot be removed", error=str(error))
