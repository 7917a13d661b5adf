"""A scratch copy of some tables, on which a service's own commands run as if time had gone on, and nothing is changed.

Inside one transaction each table that may be written is copied to a temporary one of the same name. PostgreSQL looks a
name up among temporary tables first, so that every statement of the service finds the copy, and a kind of step or
fact that is added tomorrow is played without a word here. What is only read is read where it lies, all of it as of
one instant (repeatable read).

Guarantees. Whenever commands are at work the transaction is read only, which in PostgreSQL forbids writing to,
locking rows of and counting on anything but temporary tables: a statement that would touch what is live raises, it
cannot do it. Triggers, and so the running figures, are not copied. At the end everything is rolled back; a process that
dies leaves nothing behind. `Tx.is_scratch` tells the few places that would hold an advisory lock or count a metric.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import sql

from shared.database.dedicated_connection import DedicatedConnection
from shared.database.pool import Database, Tx
from shared.errors import GuestloopError

EMPTY = "false"
FEW, MANY = 200, 5000  # rows
SINCE = timedelta(days=120)
"""How far back what lies behind may count for what lies ahead, where a table keeps everything for ever."""
ALONE = 7_310_001  # advisory: one rehearsal at a time in a service
CLOSED, OPENED = "savepoint commands", "release savepoint commands"
ANALYZE = sql.SQL("analyze {}")
Connection = psycopg.Connection[tuple[Any, ...]]
SETTINGS = "-c temp_buffers=128MB -c work_mem=32MB"


class Busy(GuestloopError):
    """Another process is at a rehearsal in this database."""


class Stopped(GuestloopError):
    """Nobody waits for this rehearsal any more."""


@dataclass(frozen=True)
class Copied:
    """One table. `rows`: an SQL condition on those that are copied. `only`: the columns that are needed, where copying
    all would be too much; of the table's indexes those are copied that look at no others."""

    name: str
    rows: str = "true"
    only: Sequence[str] = field(default=())


OUTBOX = Copied("outbox", EMPTY)
"""What the commands publish lies in the copy, and goes nowhere."""


@contextmanager
def scratch(database: Database, tables: Sequence[Copied], given: Mapping[str, Any]) -> Iterator[Tx]:
    """`given`: the values that the conditions of `tables` name. Raises `Busy` where another is at work."""
    own = DedicatedConnection(database, "rehearsal", settings=SETTINGS)
    try:
        connection = own.connection()
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction(force_rollback=True):
            if connection.execute("select pg_try_advisory_xact_lock(%s)", [ALONE]).fetchone() != (True,):
                raise Busy()
            for table in tables:
                _copy(connection, table, given)
            _close(connection)
            yield Tx(connection, database.service, database.keyring, is_scratch=True)
    finally:
        own.close()


class Upkeep:
    """Keeps a scratch copy as quick as it was, each time it has grown by half.

    Nobody else looks at temporary tables: PostgreSQL is told anew what lies in `tables`, those that begin small; by
    what it knew of empty ones it would read them whole for each guest. And what a transaction has itself made obsolete,
    no vacuum takes away before its end: `queues`, in which rows wait and are done with, are written again without.
    Their indexes would begin with whoever ever waited, read again at each look for who is next.
    """

    def __init__(self, tx: Tx, *tables: str, queues: Sequence[str] = ()) -> None:
        self._tx, self._tables, self._queues = tx, tables, queues
        self._rows, self._next = 0, FEW

    def grew(self, rows: int) -> None:
        """So many rows were told to the commands that write to it; none of them is at work."""
        self._rows += rows
        if self._rows < self._next:
            return
        for name in (*self._tables, *self._queues):
            if name in self._queues and self._rows >= MANY:
                _write_again(self._tx.connection, name)
            else:
                self._tx.execute(ANALYZE.format(sql.Identifier(name)))
        self._next = self._rows + max(FEW, self._rows // 2)


def _copy(connection: Connection, table: Copied, given: Mapping[str, Any]) -> None:
    name, rows = sql.Identifier(table.name), sql.SQL(table.rows)
    if table.only:
        columns = _listed(table.only)
        made = "create temp table {} on commit drop as select {} from public.{} where {}"
        connection.execute(sql.SQL(made).format(name, columns, name, rows), given)
    else:
        _make(connection, table, sql.Identifier("public", table.name), given)
    _finish(connection, table)


def _write_again(connection: Connection, name: str) -> None:
    """A transaction that is read only replaces no table: it is so in a savepoint, which ends here and begins anew."""
    now, before = sql.Identifier("pg_temp", name), sql.Identifier("pg_temp", f"{name}_before")
    connection.execute(OPENED)
    connection.execute(sql.SQL("alter table {} rename to {}").format(now, sql.Identifier(f"{name}_before")))
    _make(connection, Copied(name), before, {})
    connection.execute(sql.SQL("drop table {}").format(before))
    _finish(connection, Copied(name))
    _close(connection)


def _close(connection: Connection) -> None:
    connection.execute(CLOSED)
    connection.execute("set transaction read only")


def _make(connection: Connection, table: Copied, source: sql.Identifier, given: Mapping[str, Any]) -> None:
    name = sql.Identifier(table.name)
    made = "create temp table {} (like public.{} including all excluding indexes) on commit drop"
    connection.execute(sql.SQL(made).format(name, name))
    columns = _listed(_written_columns(connection, table.name))
    filled = "insert into {} ({}) overriding system value select {} from {} where {}"
    if table.rows != EMPTY:
        connection.execute(sql.SQL(filled).format(name, columns, columns, source, sql.SQL(table.rows)), given)


def _finish(connection: Connection, table: Copied) -> None:
    for index in _indexes(connection, table):  # sorted once, instead of one row after another
        connection.execute(index)
    connection.execute(ANALYZE.format(sql.Identifier(table.name)))


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _indexes(connection: Connection, table: Copied) -> list[bytes]:
    """Statements that give the copy the table's constraints by index, and its other indexes. By which columns an index
    goes stands in its key; what its condition and its expressions look at, in its dependencies."""
    rows = connection.execute(
        """
        select case when kept.oid is null
            then regexp_replace(pg_get_indexdef(indexrelid), format(' ON (ONLY )?public.%%I ', %(table)s::text),
                                format(' ON pg_temp.%%I ', %(table)s::text))
            else format('alter table pg_temp.%%I add %%s', %(table)s::text, pg_get_constraintdef(kept.oid)) end
        from pg_index left join pg_constraint kept on conindid = indexrelid and contype in ('p', 'u', 'x')
        where indrelid = format('public.%%I', %(table)s::text)::regclass and (%(only)s::text[] = '{}' or not exists (
            select from pg_attribute
            where attrelid = indrelid and attname <> all (%(only)s) and (attnum = any (indkey) or exists (
                select from pg_depend
                where classid = 'pg_class'::regclass and objid = indexrelid and refobjid = indrelid
                  and refobjsubid = attnum))))
        order by indexrelid
        """,
        {"table": table.name, "only": list(table.only)},
    )
    return [str(statement).encode() for (statement,) in rows]


def _written_columns(connection: Connection, table: str) -> list[str]:
    """All but those that PostgreSQL works out itself."""
    rows = connection.execute(
        """
        select attname from pg_attribute
        where attrelid = format('public.%%I', %s::text)::regclass and attnum > 0 and not attisdropped
          and attgenerated = ''
        order by attnum
        """,
        [table],
    )
    return [name for (name,) in rows]
