"""The chunks of an import: a transaction each, in booking order. A row that cannot be entered is refused alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from services.segments.commands.reservations.enter import Entered, EntryOptions, enter_prepared, prepare_rows
from services.segments.commands.reservations.prepared import MarkedRow, ReadyRow
from services.segments.commands.reservations.row_codec import decode_row
from services.segments.imports.refused import Reject
from services.segments.rules.written.import_problems import RejectReason
from services.segments.store.imports import runs as store
from shared.bus.set_aside import work_in_halves
from shared.crypto.purposes import Sealing
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database, Tx

CHUNK = 4_000
FIRST_CHUNK = 500  # small, so that the planner has statistics before the large ones come

log = structlog.get_logger()


@dataclass
class Imported:
    """What an import did. `joins`: reservations that joined a known guest, by key. `stays_moved`: stays told for
    another guest than before. `faults`: bad contact points, by channel and fault. `incomplete_from`: the byte from
    which on the file is missing, where its end is. `columns`, `reasons`: what was understood of each
    column, and why rows were refused, as `seen.py` has them. `list_name`: what the people of a file without stays are
    tagged with."""

    rows: int = 0
    unchanged: int = 0
    superseded: int = 0
    rejected: int = 0
    guests_made: int = 0
    guests_changed: int = 0
    stays_made: int = 0
    stays_changed: int = 0
    duplicates: int = 0
    joins: Counter[str] = field(default_factory=Counter)
    stays_moved: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    incomplete_from: int | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    columns: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    list_name: str = ""

    @property
    def nothing_changed(self) -> bool:
        return not (self.guests_made or self.guests_changed or self.stays_made or self.stays_changed)

    def add(self, entered: Entered) -> None:
        self.guests_made += entered.guests_made
        self.guests_changed += entered.guests_changed
        self.stays_made += entered.stays_made
        self.stays_changed += entered.stays_changed
        self.duplicates += entered.duplicates
        self.joins += entered.joins
        self.stays_moved += entered.stays_moved
        self.superseded += entered.late
        self.faults += entered.faults


def enter_chunk(
    database: Database,
    run_id: UUID,
    at: datetime,
    options: EntryOptions,
    done: Imported,
    rows: Sequence[ReadyRow],
    unfit: Sequence[Reject],
) -> list[Reject]:
    """One transaction. Where the chunk raises, it is entered in halves: the row that fails alone is refused. Returns
    what was refused here, `unfit` included."""
    counted = {**vars(done), "joins": done.joins.copy(), "faults": done.faults.copy()}
    try:
        with database.transaction() as tx:
            done.add(enter_prepared(tx, rows, at, options))
            _refuse(tx, run_id, done, unfit)
            store.note_counts(tx, run_id, vars(done))
            return list(unfit)
    except Exception as error:  # one row must not end the import of the others
        if is_passing(error):
            raise
    vars(done).update(counted)
    with database.transaction() as tx:
        entered: list[Entered] = []
        failed = work_in_halves(tx, rows, lambda some: entered.append(enter_prepared(tx, some, at, options)))
        for one in entered:
            done.add(one)
        lines = store.lines_of(tx, run_id, [prepared.hash for prepared, _ in failed])
        for prepared, reason in failed:
            log.warning("a row cannot be entered", line=lines[prepared.hash], reason=reason)
        refused = [(lines[prepared.hash], "row", str(RejectReason.NOT_ENTERED), "") for prepared, _ in failed]
        _refuse(tx, run_id, done, [*unfit, *refused])
        store.note_counts(tx, run_id, vars(done))
        return [*unfit, *refused]


def _refuse(tx: Tx, run_id: UUID, done: Imported, rejects: Sequence[Reject]) -> None:
    if rejects:
        store.save_rejects(tx, run_id, rejects)
        done.rejected += len(rejects)


def chunks(database: Database, run_id: UUID, options: EntryOptions) -> Iterator[tuple[list[ReadyRow], list[Reject]]]:
    """The staged rows in booking order, made ready to be taken; and those of which that cannot be made."""
    last, most = store.FIRST, FIRST_CHUNK
    while True:
        unfit: list[Reject] = []
        with database.transaction() as tx:
            waiting = store.rows_after(tx, run_id, last, most)
            try:
                prepared_rows = _prepared(tx, waiting, options)
            except Exception as error:  # one row must not end the import of the others
                if is_passing(error):
                    raise
                prepared_rows = [one for row in waiting for one in _alone(tx, row, options, unfit)]
        if not waiting:
            return
        yield prepared_rows, unfit
        last, most = waiting[-1].place, CHUNK


def _prepared(tx: Tx, waiting: Sequence[store.WaitingRow], options: EntryOptions) -> list[ReadyRow]:
    opened = [MarkedRow(decode_row(tx.keyring.open(one.sealed, Sealing.ROW)), one.number, one.hash) for one in waiting]
    return prepare_rows(tx, opened, options)


def _alone(tx: Tx, waiting: store.WaitingRow, options: EntryOptions, unfit: list[Reject]) -> list[ReadyRow]:
    try:
        return _prepared(tx, [waiting], options)
    except Exception as error:  # as above
        if is_passing(error):
            raise
        unfit.append((waiting.place[-1], "row", str(RejectReason.NOT_ENTERED), ""))
        return []
