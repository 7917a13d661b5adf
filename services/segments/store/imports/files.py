"""Files handed in for import, from their arrival until their last row is entered, and the mapping of each source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.errors import Problem

WORKER = 7_301_003  # advisory: held by who works off files, one at a time


@dataclass(frozen=True)
class ImportFile:
    id: UUID
    source: str
    name: str
    place: str
    digest: str
    bytes: int
    origin: str
    handed_in_by: str
    handed_in_at: datetime
    properties: list[str]
    mapping: dict[str, Any]
    state: str
    waiting: int
    entered: int
    starts: int
    run_id: UUID | None
    counts: dict[str, Any]
    problems: dict[str, Any]
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def known_problems(self) -> dict[str, Problem]:
        """By field what kept it from being read; those that 0.1.0 stored have no code."""
        return {
            field: Problem(one, "") if isinstance(one, str) else Problem(one["text"], one["code"])
            for field, one in self.problems.items()
        }


COLUMNS = """
    id, source, name, place, digest, bytes, origin, handed_in_by, handed_in_at, properties, mapping, state,
    waiting, entered, starts, run_id, counts, problems, started_at, ended_at
"""


# Whoever is limited to hotels sees the files that were handed in within those limits.
IN_SCOPE = "(%(everywhere)s::boolean or (properties <> '{}' and properties <@ %(hotels)s::text[]))"


def find(tx: Tx, file_id: UUID, scope: Scope) -> ImportFile | None:
    query = f"select {COLUMNS} from import_file where id = %(id)s and {IN_SCOPE}"
    found = tx.rows(ImportFile, query, {"id": file_id, **scope.values})
    return found[0] if found else None


def find_repeated(tx: Tx, repeat_key: str) -> ImportFile | None:
    found = tx.rows(ImportFile, f"select {COLUMNS} from import_file where repeat_key = %s", [repeat_key])
    return found[0] if found else None


def newest(tx: Tx, most: int, scope: Scope) -> list[ImportFile]:
    query = f"""
        select {COLUMNS} from import_file where {IN_SCOPE} order by handed_in_at desc, id limit %(most)s
    """
    return tx.rows(ImportFile, query, {**scope.values, "most": most})


def waiting_places(tx: Tx) -> set[str]:
    """Where files lie that are still needed."""
    return {place for (place,) in tx.execute("select place from import_file where state not in ('done', 'failed')")}


def add(tx: Tx, values: Mapping[str, Any]) -> bool:
    """False where it is there already, by its id or by the key of its repetition."""
    statement = """
        insert into import_file (id, source, name, place, digest, bytes, origin, handed_in_by, handed_in_at, repeat_key,
            properties, mapping, state)
        values (%(id)s, %(source)s, %(name)s, %(place)s, %(digest)s, %(bytes)s, %(origin)s, %(handed_in_by)s,
            %(handed_in_at)s, %(repeat_key)s, %(properties)s, %(mapping)s, %(state)s)
        on conflict do nothing
    """
    return tx.execute(statement, {**values, "mapping": json.dumps(values["mapping"])}).rowcount == 1


def give_mapping(tx: Tx, file_id: UUID, source: str, mapping: Mapping[str, Any]) -> bool:
    """A draft's mapping; False where it is a draft no more."""
    statement = "update import_file set source = %s, mapping = %s where id = %s and state = 'draft'"
    return tx.execute(statement, [source, json.dumps(mapping), file_id]).rowcount == 1


def move_to(tx: Tx, file_id: UUID, before: str, after: str) -> bool:
    statement = "update import_file set state = %s where id = %s and state = %s"
    return tx.execute(statement, [after, file_id, before]).rowcount == 1


def discard(tx: Tx, file_id: UUID) -> str | None:
    """A draft is forgotten; where its file lies. None where it is a draft no more."""
    row = tx.execute("delete from import_file where id = %s and state = 'draft' returning place", [file_id]).fetchone()
    return row[0] if row else None


def end_drafts(tx: Tx, before: datetime, problems: Mapping[str, Problem], at: datetime) -> list[str]:
    """Drafts nobody started become failed for these reasons; where their files lie."""
    statement = """
        update import_file set state = 'failed', problems = %s, ended_at = %s
        where state = 'draft' and handed_in_at < %s
        returning place
    """
    return [place for (place,) in tx.execute(statement, [json.dumps(_stored(problems)), at, before])]


def claim_worker(tx: Tx) -> bool:
    """Whether this transaction, until it ends, is the one that works files off. It keeps no snapshot meanwhile, see
    `claim_imports`."""
    row = tx.execute(f"select pg_try_advisory_xact_lock({WORKER})").fetchone()
    return bool(row and row[0])


def under_way(tx: Tx) -> ImportFile | None:
    """The file that is, or comes, next; one that is running had a worker who died, unless he holds the lock."""
    query = f"""
        select {COLUMNS} from import_file where state in ('queued', 'running')
        order by state = 'queued', handed_in_at, id limit 1
    """
    found = tx.rows(ImportFile, query)
    return found[0] if found else None


def begin(tx: Tx, file_id: UUID, at: datetime) -> None:
    statement = """
        update import_file
        set state = 'running', starts = starts + 1, waiting = 0, entered = 0, started_at = coalesce(started_at, %s)
        where id = %s
    """
    tx.execute(statement, [at, file_id])


def note_run(tx: Tx, file_id: UUID, run_id: UUID) -> None:
    tx.execute("update import_file set run_id = %s where id = %s", [run_id, file_id])


def postpone(tx: Tx, file_id: UUID) -> None:
    tx.execute("update import_file set state = 'queued', starts = starts - 1 where id = %s", [file_id])


def note_progress(tx: Tx, file_id: UUID, entered: int, waiting: int) -> None:
    tx.execute("update import_file set entered = %s, waiting = %s where id = %s", [entered, waiting, file_id])


def end(tx: Tx, file_id: UUID, counts: Mapping[str, Any], problems: Mapping[str, str], at: datetime) -> None:
    """Done, or failed where there are problems; then the same file may be handed in again under its key."""
    statement = """
        update import_file
        set state = %(state)s, counts = %(counts)s, problems = %(problems)s, ended_at = %(at)s,
            repeat_key = case when %(state)s = 'done' and origin = 'program' then repeat_key end
        where id = %(id)s
    """
    state = "failed" if problems else "done"
    stored = json.dumps(_stored(problems))
    values = {"state": state, "counts": json.dumps(counts), "problems": stored, "at": at, "id": file_id}
    tx.execute(statement, values)


def _stored(problems: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {field: {"text": str(one), "code": getattr(one, "code", "")} for field, one in problems.items()}


def rejects(tx: Tx, run_id: UUID | None, most: int | None = None) -> list[tuple[int, str, str, str]]:
    query = "select line, field, reason, value from import_reject where run_id = %s order by line, field limit %s"
    return list(tx.execute(query, [run_id, most]))


def save_mapping(tx: Tx, source: str, mapping: Mapping[str, Any], by: str, at: datetime) -> None:
    statement = """
        insert into import_mapping (source, mapping, saved_at, saved_by) values (%s, %s, %s, %s)
        on conflict (source) do update
        set mapping = excluded.mapping, saved_at = excluded.saved_at, saved_by = excluded.saved_by
    """
    tx.execute(statement, [source, json.dumps(mapping), at, by])


def saved_mappings(tx: Tx) -> dict[str, dict[str, Any]]:
    return dict(tx.execute("select source, mapping from import_mapping order by source").fetchall())


def has_stays_of(tx: Tx, source: str) -> bool:
    return tx.execute("select 1 from stay where source = %s limit 1", [source]).fetchone() is not None


def forget_mapping(tx: Tx, source: str) -> bool:
    return tx.execute("delete from import_mapping where source = %s", [source]).rowcount == 1
