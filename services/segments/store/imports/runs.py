"""The runs of an import, the rows that wait, and those refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from services.segments.store.sets import columns
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.rows import row

IMPORTS = 7_301_002
AT_ONCE = 5_000
WAITING = ("run_id", "line", "stay_id", "booked_on", "reservation", "row_hash", "row_sealed", "arrival", "name_mark")
Waiting = tuple[UUID, int, UUID, date, str, bytes, Sealed, date, bytes]
Place = tuple[date, str, int]  # day of booking, reservation, line
FIRST: Place = (date.min, "", 0)


def claim_imports(tx: Tx) -> None:
    """Be the only import until this transaction ends. Raises `Conflict` where another one runs.

    The statement has no parameter, so that it goes by the simple protocol: after one that has, the portal keeps its
    snapshot for as long as the transaction is idle, and nothing that dies meanwhile could be cleaned away.
    """
    free = tx.execute(f"select pg_try_advisory_xact_lock({IMPORTS})").fetchone()
    if free is None or not free[0]:
        raise Conflict("another import is running; wait for it to end, then run this one again")


def begin_run(tx: Tx, run_id: UUID, source: str, at: datetime) -> dict[str, Any]:
    """A run from its start, or once more where it broke off: what it had done by then.

    What an earlier one left behind is dropped, its file is still there.
    """
    tx.execute("truncate import_row")
    statement = """
        insert into import_run as run (id, source, started_at) values (%s, %s, %s)
        on conflict (id) do update set started_at = excluded.started_at, ended_at = null,
            counts = case when run.ended_at is null then run.counts else '{}' end
        returning counts
    """
    row = tx.execute(statement, [run_id, source, at]).fetchone()
    tx.execute("delete from import_reject where run_id = %s", [run_id])
    return dict(row[0]) if row else {}


def last_entered(tx: Tx) -> tuple[datetime | None, datetime | None]:
    """When the last run began that has not ended, which may have died; and when the last one ended."""
    query = "select max(started_at) filter (where ended_at is null), max(ended_at) from import_run"
    began, ended = tx.execute(query).fetchall()[0]
    return began, ended


def note_counts(tx: Tx, run_id: UUID, counts: Mapping[str, object]) -> None:
    tx.execute("update import_run set counts = %s where id = %s", [json.dumps(counts), run_id])


def stage_rows(tx: Tx, rows: Iterable[Waiting]) -> None:
    with tx.copy(f"copy import_row ({', '.join(WAITING)}) from stdin (format binary)") as copy:
        copy.set_types(["uuid", "int4", "uuid", "date", "text", "bytea", "text", "date", "bytea"])
        for row in rows:
            copy.write_row(row)


def save_rejects(tx: Tx, run_id: UUID, rejects: Iterable[tuple[int, str, str, str]]) -> None:
    statement = """
        insert into import_reject (run_id, line, field, reason, value)
        select %(run_id)s, * from unnest(%(line)s::int[], %(field)s::text[], %(reason)s::text[], %(value)s::text[])
        on conflict do nothing
    """
    waiting = iter(rejects)
    while some := list(islice(waiting, AT_ONCE)):
        tx.execute(statement, {**columns(("line", "field", "reason", "value"), some), "run_id": run_id})


def drop_superseded(tx: Tx, run_id: UUID) -> int:
    """Of a stay on several lines the last one counts; how many others there were. Under one number several stays may
    be told: they differ in arrival and name."""
    statement = """
        delete from import_row r using import_row later
        where r.run_id = %(run_id)s and later.run_id = %(run_id)s
          and later.stay_id = r.stay_id and later.line > r.line
          and (later.arrival = r.arrival or later.name_mark = r.name_mark)
    """
    return tx.execute(statement, {"run_id": run_id}).rowcount


def drop_unchanged(tx: Tx, run_id: UUID) -> int:
    """Rows that came before unchanged are not entered again; how many there were. Nor are rows by which a stay was told
    for a guest whom it left since."""
    statements = (
        "delete from import_row r using stay s where r.run_id = %s and s.id = r.stay_id and s.row_hash = r.row_hash",
        """delete from import_row r using stay s
           where r.run_id = %s and s.again_of = r.stay_id and s.row_hash = r.row_hash""",
        """delete from import_row r using stay_left l
           where r.run_id = %s and l.number = r.stay_id and l.row_hash = r.row_hash""",
        """delete from import_row r using contact_row c
           where r.run_id = %s and c.id = r.stay_id and c.row_hash = r.row_hash""",
    )
    return sum(tx.execute(statement, [run_id]).rowcount for statement in statements)


@row
class WaitingRow:
    """A staged row: the id of its number, its digest, and its place in booking order."""

    number: UUID
    hash: bytes
    sealed: Sealed
    place: Place


def rows_after(tx: Tx, run_id: UUID, after: Place, most: int) -> list[WaitingRow]:
    """The next staged rows in booking order."""
    statement = """
        select stay_id, row_hash, row_sealed, booked_on, reservation, line
        from import_row
        where run_id = %(run_id)s and (booked_on, reservation, line) > (%(day)s, %(reservation)s, %(line)s)
        order by booked_on, reservation, line
        limit %(most)s
    """
    names = ("day", "reservation", "line")
    rows = tx.execute(statement, {"run_id": run_id, "most": most, **dict(zip(names, after, strict=True))})
    return [WaitingRow(number, digest, Sealed(sealed), tuple(place)) for number, digest, sealed, *place in rows]


def lines_of(tx: Tx, run_id: UUID, hashes: Sequence[bytes]) -> dict[bytes, int]:
    """The lines of waiting rows, by their digests."""
    query = "select row_hash, line from import_row where run_id = %s and row_hash = any(%s)"
    return dict(tx.execute(query, [run_id, hashes]).fetchall())


def learn_sizes(tx: Tx) -> None:
    """Let the planner see tables that grew from nothing; without it, set queries are planned for empty ones."""
    tx.execute("analyze guest, stay, contact_point, guest_point, guest_key, consent_claim, guest_facts")


def end_run(tx: Tx, run_id: UUID, counts: Mapping[str, object], at: datetime) -> None:
    tx.execute("truncate import_row")
    statement = "update import_run set ended_at = %s, counts = %s where id = %s"
    tx.execute(statement, [at, json.dumps(counts), run_id])
