"""An import: a file of reservations into guests and stays, a transaction a chunk.

1. the file is surveyed: its columns, the order of its dates
2. each row is read; what cannot be is refused with line, field and reason, the others are staged, sealed
3. rows that came before unchanged are dropped; the rest is entered in booking order, chunk by chunk

A crash between chunks loses nothing: what was entered stays, and running again enters the rest.
"""

from __future__ import annotations

import gc
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from marshmallow import ValidationError

from services.segments.commands.publish_states import publish_feeds, publish_heard
from services.segments.commands.reservations.enter import EntryOptions
from services.segments.commands.reservations.row_codec import digest_of, encode_row
from services.segments.imports.chunks import CHUNK, FIRST_CHUNK, Imported, chunks, enter_chunk
from services.segments.imports.constants import today_at
from services.segments.imports.files.columns import Holds, ImportMapping
from services.segments.imports.files.table import Table
from services.segments.imports.people.reader import AnyReader, ContactReader, Origin, reader_of
from services.segments.imports.prefetch import prefetched
from services.segments.imports.refused import RefusedRows, write_rejects
from services.segments.imports.seen import columns_seen, reasons_of
from services.segments.imports.survey import Survey, survey
from services.segments.rules.people.contacts import Contact, StatedRow
from services.segments.rules.reservations import Reservation
from services.segments.rules.written.import_problems import RejectReason
from services.segments.schemas.readers import NOWHERE, RowReader
from services.segments.store.imports import runs as store
from services.segments.store.properties import note_data_received, property_zones
from shared.access.scope import EVERYWHERE, Scope
from shared.clock import Clock
from shared.crypto.purposes import Sealing
from shared.database.pool import Database, Tx
from shared.errors import GuestloopError, InputError
from shared.events import Lane
from shared.ids import make_id
from shared.table_files.reading import Record

Progress = Callable[[int, int], None]
NO_DAY = date(2000, 1, 1)  # of a row of a list: neither booked nor arriving

log = structlog.get_logger()


class Interrupted(GuestloopError):
    """The import was stopped; begun again, it enters the rest."""


@dataclass(frozen=True)
class Staged:
    """A file's rows beside what is known at this moment. `hotels`: whose stays it tells of, changed or not."""

    refused: RefusedRows
    superseded: int
    unchanged: int
    hotels: set[str]


def import_reservations(
    database: Database,
    path: Path,
    mapping: ImportMapping,
    at: datetime,
    *,
    agency_domains: frozenset[str] = frozenset(),
    surveyed: Survey | None = None,
    rejects: Path | None = None,
    progress: Progress | None = None,
    properties: Collection[str] = (),
    joins: Scope = EVERYWHERE,
    stop: threading.Event | None = None,
    handed_in: datetime | None = None,
    name: str = "",
    clock: Clock | None = None,
) -> Imported:
    """Import a file, of stays or of people, as of `at`; refused rows go into the file `rejects`. `surveyed`: where the
    file was already.
    `properties`: the hotels whose rows may be entered; empty means all.
    `joins`: the hotels to whose guests rows may be joined: what a person wrote opens no other hotel's guest to them.
    `handed_in`: the instant whose day is meant where a constant says «today»; by default `at`. `name`: what its owner
    calls the file; by default as it is called where it lies. `clock`: tells when it ends; by default it ends at `at`.

    Raises `InputError` where the file as a whole cannot be read, `Conflict` while another import runs, `Interrupted`
    once `stop` is set.
    """
    stop = stop or threading.Event()
    table = open_table(path, mapping)
    surveyed = surveyed or survey(table, mapping)
    with database.transaction() as tx:
        zones = property_zones(tx)
    day = handed_in or at
    reader = reader_of(surveyed, mapping, zones, today_at(zones, day), Origin(name or path.name, day))
    run_id = run_of(mapping.source, table, properties)
    with database.long_transaction() as guard, closing(RefusedRows()) as refused:  # one import at a time
        store.claim_imports(guard)
        with database.transaction() as tx:
            before = went_on(store.begin_run(tx, run_id, mapping.source, at))
            with collector_at_rest():
                staged = _stage(tx, run_id, table, reader, properties, stop, refused)
            done = before or Imported(surveyed.rows, staged.unchanged, staged.superseded)
            done.list_name = reader.list_name if isinstance(reader, ContactReader) else ""
            done.incomplete_from = table.incomplete_from
            done.left_out = {str(kind): lines for kind, lines in table.left_out.items()}
            done.columns = [asdict(column) for column in columns_seen(table.header, reader, is_kept=True)]
            done.rejected = refused.rows  # what could not be entered before it broke off is tried again
            store.note_counts(tx, run_id, vars(done))
        options = EntryOptions(False, initial=True, lane=Lane.MARKETING, agency_domains=agency_domains, joins=joins)
        with collector_at_rest():
            _enter_chunks(database, run_id, at, options, done, staged, progress, stop)
        if rejects:
            write_rejects(rejects, refused)
        done.reasons = [asdict(one) for one in reasons_of(refused.reasons)]
        with database.transaction() as tx:
            store.end_run(tx, run_id, vars(done), clock.now() if clock else at)
            note_data_received(tx, staged.hotels, at)
            publish_feeds(tx, {(hotel, mapping.source) for hotel in staged.hotels}, at)
            publish_heard(tx, staged.hotels, at, Lane.MARKETING)  # the lane of the stays it comes behind
    return done


def open_table(path: Path, mapping: ImportMapping) -> Table:
    """Raises `InputError` where the file can be read in two ways and the mapping does not say which."""
    table = Table(path, mapping.reading)
    if questions := mapping.questions(table.header, table.ambiguities):
        raise InputError("the file can be read in two ways", questions)
    return table


def run_of(source: str, table: Table, properties: Collection[str]) -> UUID:
    """The same file of the same source within the same limits is the same run."""
    return make_id("import", source, table.digest(), *sorted(properties))


def went_on(counts: Mapping[str, Any]) -> Imported | None:
    """What an interrupted run had done; None where it had not begun to enter rows."""
    if not counts:
        return None
    return Imported(**{**counts, "joins": Counter(counts["joins"]), "faults": Counter(counts.get("faults", ()))})


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Rows leave no cycles behind, and collecting them would cost a fifth of the import."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if awake:
            gc.enable()


def read_reservations(
    path: Path, mapping: ImportMapping, refused: RefusedRows, zones: Mapping[str, str] = NOWHERE
) -> Iterator[tuple[int, Reservation]]:
    """The sound rows of a file with their lines, in the file's order; the others are added to `refused`. `zones`: by
    hotel where it is. Raises `InputError` where the file holds no stays."""
    table = open_table(path, mapping)
    surveyed = survey(table, mapping)
    if surveyed.holds is Holds.PEOPLE:
        raise InputError("this file holds people, not stays")
    reader = RowReader(surveyed, mapping, zones)
    for record in table.records():
        if isinstance(row := _read(reader, record, refused), Reservation):
            yield record.line, row


def _read(reader: AnyReader, record: Record, refused: RefusedRows) -> StatedRow | None:
    if record.problem:
        refused.add(record.line, "row", record.problem)
        return None
    try:
        return reader.read(record.cells)
    except ValidationError as error:
        for name, reason in error.messages_dict.items():
            place = reader.places.get(name)
            refused.add(record.line, name, str(reason), record.cells[place] if place is not None else "")
    except Exception as error:  # one row must not end the import of the others
        log.warning("a row cannot be read", line=record.line, error=type(error).__name__)
        refused.add(record.line, "row", RejectReason.NOT_ENTERED)
    return None


def _stage(
    tx: Tx,
    run_id: UUID,
    table: Table,
    reader: AnyReader,
    properties: Collection[str],
    stop: threading.Event,
    refused: RefusedRows,
) -> Staged:
    known, limits = property_zones(tx), frozenset(properties)
    hotels: set[str] = set()

    def sound() -> Iterator[store.Waiting]:
        for record in table.records():
            if stop.is_set():
                raise Interrupted()
            row = _read(reader, record, refused)
            if row and row.property not in known:
                refused.add(record.line, "property", RejectReason.UNKNOWN_HOTEL, row.property)
            elif row and limits and row.property not in limits:
                refused.add(record.line, "property", RejectReason.ANOTHER_HOTEL, row.property)
            elif row:
                text = encode_row(row)
                digest, sealed = digest_of(row, text), tx.keyring.seal(text.decode(), Sealing.ROW)
                number, name = row.key().stay_id(), f"{row.given_name} {row.family_name}".casefold()
                mark = sha256(name.encode()).digest()[:8]
                if isinstance(row, Contact):
                    yield run_id, record.line, number, NO_DAY, str(number), digest, sealed, NO_DAY, mark
                else:
                    hotels.add(row.property)
                    yield run_id, record.line, number, row.booked_on, row.reservation, digest, sealed, row.arrival, mark

    store.stage_rows(tx, sound())
    store.save_rejects(tx, run_id, refused)
    superseded = store.drop_superseded(tx, run_id)
    return Staged(refused, superseded, store.drop_unchanged(tx, run_id), hotels)


def _enter_chunks(
    database: Database,
    run_id: UUID,
    at: datetime,
    options: EntryOptions,
    done: Imported,
    staged: Staged,
    progress: Progress | None,
    stop: threading.Event,
) -> None:
    waiting = done.rows - done.rejected - done.superseded - done.unchanged
    before = staged.unchanged - done.unchanged  # entered by this run before it broke off
    entered = 0
    for prepared_rows, unfit in prefetched(chunks(database, run_id, options)):
        for reject in enter_chunk(database, run_id, at, options, done, prepared_rows, unfit):
            staged.refused.add(*reject)
        if entered in (0, FIRST_CHUNK, FIRST_CHUNK + 3 * CHUNK):
            with database.transaction() as tx:
                store.learn_sizes(tx)
        if stop.is_set():
            raise Interrupted()
        entered += len(prepared_rows) + len(unfit)
        if progress:
            progress(before + entered, waiting)
