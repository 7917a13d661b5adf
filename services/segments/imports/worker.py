"""Imports the files that wait, one at a time. Killed, it begins the file again and skips what was entered."""

from __future__ import annotations

import csv
import threading
import zlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.segments.commands.hand_in import HandedIn, hand_in
from services.segments.imports.chunks import Imported
from services.segments.imports.files.table import Table
from services.segments.imports.mappings import mapping_of, without_lost_dates
from services.segments.imports.run import Interrupted, import_reservations, run_of
from services.segments.imports.uploads.kept import Uploads
from services.segments.imports.watching import mapping_needed, move_aside, source_of
from services.segments.rules.written.import_problems import without_values
from services.segments.store.house_dates import house_dates
from services.segments.store.imports import files as store
from services.segments.store.imports.files import ImportFile
from shared.access.scope import EVERYWHERE, scope_of
from shared.clock import Clock
from shared.database.pool import Database
from shared.errors import Conflict, InputError, Problem
from shared.outgoing.object_store import StoreSilent
from shared.vocabulary.file_problem import FileProblem

MOST_STARTS = 5
DAMAGED = (OSError, EOFError, zlib.error, UnicodeError, csv.Error)


def work_next(
    database: Database,
    uploads: Uploads,
    clock: Clock,
    agency_domains: frozenset[str],
    stop: threading.Event | None = None,
) -> int:
    """One file from its first row to its last; 0 where none waits or another process imports. Once `stop` is set it is
    put back, to be begun again by whoever comes next. Raises `StoreSilent`: then it waits on."""
    with database.long_transaction() as guard:
        if not store.claim_worker(guard):
            return 0
        with database.transaction() as tx:
            file = store.under_way(tx)
        return _work(database, uploads, file, clock, agency_domains, stop or threading.Event()) if file else 0


def take_from_folder(database: Database, path: Path, folder: Path, at: datetime) -> int:
    """A finished file of the watched folder waits under its source's mapping; one that has none is set aside."""
    try:
        digest = Table(path).digest()
    except InputError as error:
        move_aside(path, [(0, "file", str(error.problems.get("file", error)), "")], failed=True)
        return 1
    with database.transaction() as tx:
        saved = store.saved_mappings(tx)
        source = source_of(path, folder, saved)
        key = f"folder {path} {path.stat().st_mtime_ns} {path.stat().st_size}"
        if source is not None and store.find_repeated(tx, key) is None:
            file = HandedIn(path.name, str(path), digest, path.stat().st_size, "folder", "watched folder", key)
            hand_in(tx, file, source, saved[source], at, start=True)
            return 1
    if source is not None:
        return 0
    move_aside(path, [(0, "source", mapping_needed(saved), "")], failed=True)
    return 1


def _work(
    database: Database,
    uploads: Uploads,
    file: ImportFile,
    clock: Clock,
    agency_domains: frozenset[str],
    stop: threading.Event,
) -> int:
    problems: dict[str, str] = {}
    counts: dict[str, object] = {}
    try:
        with uploads.at_hand(file.place) as path:
            counts = vars(_import(database, file, path, clock, agency_domains, stop))
    except (Conflict, Interrupted):  # somebody imports from the command line; or this process ends
        with database.transaction() as tx:
            store.postpone(tx, file.id)
        return 0
    except InputError as error:
        told = error.problems or {"file": Problem(str(error), error.code)}
        problems = {place: without_values(problem) for place, problem in told.items()}
    except DAMAGED as error:
        problems = {"file": Problem(f"damaged: {error}", FileProblem.DAMAGED)}
    _end(database, uploads, file.id, counts, problems, clock.now())
    return 1


def _import(
    database: Database,
    file: ImportFile,
    path: Path,
    clock: Clock,
    agency_domains: frozenset[str],
    stop: threading.Event,
) -> Imported:
    if file.starts >= MOST_STARTS:
        text = f"begun {file.starts} times and never finished"
        raise InputError(None, {"file": Problem(text, FileProblem.GIVEN_UP)})
    with database.transaction() as tx:
        store.begin(tx, file.id, clock.now())
    run_id = run_of(file.source, Table(path), file.properties)
    with database.transaction() as tx:
        store.note_run(tx, file.id, run_id)

    def progress(entered: int, waiting: int) -> None:
        with database.transaction() as tx:
            store.note_progress(tx, file.id, entered, waiting)

    with database.transaction() as tx:
        mapping = without_lost_dates(mapping_of(file.source, file.mapping), house_dates(tx))
    return import_reservations(
        database,
        path,
        mapping,
        clock.now(),
        agency_domains=agency_domains,
        progress=progress,
        properties=file.properties,
        joins=scope_of(file.properties),
        stop=stop,
        handed_in=file.handed_in_at,
        name=file.name,
        clock=clock,
    )


def _end(
    database: Database,
    uploads: Uploads,
    file_id: UUID,
    counts: dict[str, object],
    problems: dict[str, str],
    at: datetime,
) -> None:
    with database.transaction() as tx:
        store.end(tx, file_id, counts, problems, at)
        file = store.find(tx, file_id, EVERYWHERE)
        rejects = store.rejects(tx, file.run_id) if file else []
    if file is None:
        return
    if file.origin == "folder":
        move_aside(
            Path(file.place), rejects or [(0, place, why, "") for place, why in problems.items()], bool(problems)
        )
    else:
        with suppress(StoreSilent):  # it is swept
            uploads.delete(file.place)
