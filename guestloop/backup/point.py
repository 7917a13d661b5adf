"""A point of the write-ahead log at which every table's rows are known.

A count is of a snapshot, a restore is to a place in the log: the two agree only if nothing was committed between them.
So all databases take their snapshots, a named point is written into the log, and a snapshot after it is looked at: if
all of them are the same, no transaction ended meanwhile and the counts are those of the point. Else it is done again,
which takes a millisecond or two; the house is never stopped for it. A commit that had reached the log but not yet the
snapshots is found on the restored server, which knows what was committed up to the point (`committed_meanwhile`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql

from guestloop.backup.folder import Counts
from guestloop.backup.house import CannotBackUp, House
from guestloop.backup.wal import InterruptedBackup
from shared.database.dedicated_connection import Connection

FOUND_WITHIN = 60.0
OWN = ("postgres", "template0", "template1")
DATABASES = """
    select datname from pg_database
    where datallowconn and not datistemplate and datname <> all(%s) and has_database_privilege(datname, 'connect')
    order by datname
"""
TABLES = """
    select nspname, relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p') and not relispartition and relpersistence = 'p'
      and nspname <> 'information_schema' and nspname !~ '^pg_'
    order by nspname, relname
"""
SNAPSHOT = "select pg_current_snapshot()::text"
MARK = "select pg_create_restore_point(%s)::text, clock_timestamp()"
SEGMENT_OF = "select pg_walfile_name(%s::pg_lsn)"
MEANWHILE = """
    select xid from (
        select unnest(%(open)s::text[]) as xid
        union all
        select generate_series(%(next)s::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1)::text
    ) each_one where pg_xact_status(xid::xid8) = 'committed'
"""


@dataclass(frozen=True)
class Point:
    """`name`: of the point in the log, which `segment` holds; `snapshot`: what was counted, in PostgreSQL's words."""

    name: str
    snapshot: str
    segment: str
    at: datetime
    counts: Counts


def note_point(house: House, name: str, stop: threading.Event) -> Point:
    """Counts every table, as of a point in the log. Raises `CannotBackUp`."""
    try:
        with ExitStack() as stack:
            admin = stack.enter_context(house.connect())
            names = [row[0] for row in admin.execute(DATABASES, [list(OWN)])]
            if not names:
                raise CannotBackUp("there is no database on the server that this user may connect to")
            counted = [stack.enter_context(house.connect(one, autocommit=False)) for one in names]
            for one in counted:
                one.isolation_level, one.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
            mark, snapshot, lsn, at = _mark(admin, counted, name, stop)
            counts = {database: _counts(one, stop) for database, one in zip(names, counted, strict=True)}
            segment = admin.execute(SEGMENT_OF, [lsn]).fetchone()
            admin.execute("select pg_switch_wal()")
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotBackUp(
            f"the user of GUESTLOOP_BACKUP_DATABASE lacks a right ({error.diag.message_primary}): run backup.sql, "
            "which guestloop provision writes"
        ) from error
    assert segment is not None
    return Point(mark, snapshot, segment[0], at, counts)


def _mark(
    admin: Connection, counted: Sequence[Connection], name: str, stop: threading.Event
) -> tuple[str, str, str, datetime]:
    deadline, attempt = time.monotonic() + FOUND_WITHIN, 0
    while not stop.is_set():
        snapshots = {_snapshot(one) for one in counted}
        if len(snapshots) == 1:
            attempt += 1
            (snapshot,) = snapshots
            mark = f"guestloop {name} {attempt}"
            row = admin.execute(MARK, [mark]).fetchone()
            if row is not None and _snapshot(admin) == snapshot:
                return mark, snapshot, row[0], row[1]
        if time.monotonic() > deadline:
            raise CannotBackUp("the server is never still for a millisecond: its rows cannot be counted at one moment")
        for one in counted:
            one.rollback()
    raise InterruptedBackup()


def _snapshot(connection: Connection) -> str:
    row = connection.execute(SNAPSHOT).fetchone()
    assert row is not None
    return str(row[0])


def _counts(connection: Connection, stop: threading.Event) -> dict[str, int]:
    found = {}
    for schema, table in connection.execute(TABLES).fetchall():
        if stop.is_set():
            raise InterruptedBackup()
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
        row = connection.execute(query).fetchone()
        assert row is not None
        found[table if schema == "public" else f"{schema}.{table}"] = row[0]
    return found


def counts_there(connections: Sequence[tuple[str, Connection]]) -> Counts:
    """Of a restored server, by database."""
    return {name: _counts(connection, threading.Event()) for name, connection in connections}


def committed_meanwhile(restored: Connection, snapshot: str) -> list[str]:
    """The transactions that the restored server has and the counted snapshots had not."""
    _, next_one, still_open = snapshot.split(":")
    told = {"open": [one for one in still_open.split(",") if one], "next": int(next_one)}
    return [row[0] for row in restored.execute(MEANWHILE, told)]
