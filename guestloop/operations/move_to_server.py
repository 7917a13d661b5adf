"""An embedded home moves to a server: its five databases are copied, table by table, and counted on both sides.

All or nothing: the copies of all five are made first and committed one after another at the end, when every count has
agreed. The home is only read. Messages not yet handled wait in mailboxes here and in queues there: on the server they
are published again from the outbox, and a subscriber that had handled one already drops it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from typing import Any, Literal
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from guestloop.composition.services import MANIFEST, SERVICES, Group, database_name
from guestloop.operations.import_file import open_home
from services.segments.store.imports import files as import_files
from shared.clock import Clock
from shared.database.migrate import SHARED_MIGRATIONS, migrate_on
from shared.embedded.home import Home
from shared.embedded.lockfile import InUse
from shared.errors import DatabaseUnavailable, GuestloopError, InputError
from shared.personal_data.retention.subjects import make_months

Connection = psycopg.Connection[tuple[Any, ...]]
NOT_COPIED = "mailbox"


class CountsDiffer(GuestloopError):
    """A table has another number of rows on the server than in the home; nothing was kept there."""


@dataclass(frozen=True)
class Moved:
    """`rows`: by service and table, the same on both sides. `republished`: messages not handled everywhere yet."""

    rows: Mapping[str, Mapping[str, int]]
    republished: int


def move(home: Home, to: str, environment: Mapping[str, str], clock: Clock) -> Moved:
    """`to`: a server, as a URL or conninfo of somebody who may make databases there, or owns those that are there.

    Raises `GuestloopError` in one sentence; then the server is as it was, but for databases made and left empty.
    """
    try:
        with open_home(home, environment, clock) as group, ExitStack() as stack:
            refuse_unfinished_import(group)
            make_databases(to)
            pairs = {one: stack.enter_context(_both(group, one, to)) for one in SERVICES}
            rows = {one: _copied(one, home_side, server, clock.now()) for one, (home_side, server) in pairs.items()}
            republished = _make_pending(pairs)
            for _, server in pairs.values():
                server.commit()
    except InUse as error:
        raise InputError(
            "Guestloop runs in this home: stop it first, so that nothing happens while it moves"
        ) from error
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"the server does not answer: {str(error).strip().splitlines()[0]}") from error
    except psycopg.Error as error:
        raise InputError(f"the server refused: {str(error).strip().splitlines()[0]}") from error
    return Moved(rows, republished)


def refuse_unfinished_import(group: Group) -> None:
    with group.database("segments").transaction() as tx:
        if file := import_files.under_way(tx):
            raise InputError(f"the import of «{file.name}» is not finished: start guestloop up and let it end first")


def make_databases(to: str) -> None:
    """Those that are missing, each owned by the user of its name where the server knows one."""
    with psycopg.connect(_at(to, None), autocommit=True) as server:
        there = {name for (name,) in server.execute("select datname from pg_database")}
        users = {name for (name,) in server.execute("select rolname from pg_roles")}
        for name in (database_name(one) for one in SERVICES):
            if name not in there:
                owner = sql.SQL("owner {}").format(sql.Identifier(name)) if name in users else sql.SQL("")
                statement = sql.SQL("create database {} {} template template0 encoding 'UTF8' {}")
                where = sql.SQL("lc_collate 'C' lc_ctype 'C.UTF-8'")
                server.execute(statement.format(sql.Identifier(name), owner, where))


def _at(to: str, database: str | None) -> str:
    try:
        known = conninfo_to_dict(to)
    except psycopg.ProgrammingError as error:
        raise InputError(f"--to: {str(error).strip()}") from error
    where = database or known.get("dbname") or "postgres"  # which may have no encoding, and would answer in bytes
    return make_conninfo(to, dbname=where, client_encoding="utf8", connect_timeout=10)


@contextmanager
def _both(group: Group, service: str, to: str) -> Iterator[tuple[Connection, Connection]]:
    """The service's database here and there, a transaction open in each; what is not committed is undone."""
    name = database_name(service)
    with psycopg.connect(group.database(service).direct) as home_side, psycopg.connect(_at(to, name)) as server:
        home_side.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        _refuse_what_is_not_empty(server, name)
        owner = sql.SQL("set role {}").format(sql.Identifier(_owner(server)))
        server.execute(owner)
        try:
            yield home_side, server
        finally:
            server.rollback()  # nothing, where it was committed


def _refuse_what_is_not_empty(server: Connection, name: str) -> None:
    query = (
        "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'S')"
    )
    (found,) = server.execute(query).fetchone() or (0,)
    if found:
        raise InputError(f"the database {name} on the server is not empty: drop it, or name another server")


def _owner(server: Connection) -> str:
    row = server.execute(
        "select pg_get_userbyid(datdba) from pg_database where datname = current_database()"
    ).fetchone()
    assert row is not None
    return str(row[0])


def _copied(service: str, home_side: Connection, server: Connection, at: datetime) -> dict[str, int]:
    """The schema is made by the migrations, what they entered themselves gives way to the home's rows."""
    migrate_on(server, [SHARED_MIGRATIONS, MANIFEST[service].migrations], at)
    make_months(server, MANIFEST[service].personal_data, at)
    tables = [table for table in _tables(home_side) if table != NOT_COPIED]
    server.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
    _triggers(server, tables, "disable")  # what they would write is copied, too
    for table in tables:
        _copy(table, home_side, server)
    _triggers(server, tables, "enable")
    for name, value in home_side.execute(
        "select sequencename, last_value from pg_sequences where last_value is not null"
    ):
        server.execute("select setval(%s::regclass, %s)", [name, value])
    counts = {table: (_count(home_side, table), _count(server, table)) for table in tables}
    if wrong := [f"{table} {here:,} and {there:,}" for table, (here, there) in counts.items() if here != there]:
        raise CountsDiffer(f"{service}: the counts differ, nothing was kept on the server: {'; '.join(wrong)}")
    return {table: here for table, (here, _) in counts.items()}


def _triggers(server: Connection, tables: Sequence[str], verb: Literal["enable", "disable"]) -> None:
    for table in tables:
        server.execute(sql.SQL("alter table {} {} trigger user").format(sql.Identifier(table), sql.SQL(verb)))


TABLES = """
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
"""
"""A table that is kept in parts is copied as one."""


def _tables(side: Connection) -> list[str]:
    """Every table, those that others point at before them."""
    pointed_at: dict[str, set[str]] = {table: set() for (table,) in side.execute(TABLES)}
    query = """
        select conrelid::regclass::text, confrelid::regclass::text from pg_constraint
        where contype = 'f' and conparentid = 0
    """
    for table, other in side.execute(query):
        if table != other:
            pointed_at[table].add(other)
    return list(TopologicalSorter(dict(sorted(pointed_at.items()))).static_order())


def _copy(table: str, home_side: Connection, server: Connection) -> None:
    query = """
        select column_name from information_schema.columns
        where table_schema = 'public' and table_name = %s and is_generated = 'NEVER' order by ordinal_position
    """
    columns = sql.SQL(", ").join(sql.Identifier(name) for (name,) in home_side.execute(query, [table]))
    names = {"table": sql.Identifier(table), "columns": columns}
    with (
        home_side.cursor().copy(sql.SQL("copy (select {columns} from {table}) to stdout").format(**names)) as rows,
        server.cursor().copy(sql.SQL("copy {table} ({columns}) from stdin").format(**names)) as into,
    ):
        for block in rows:
            into.write(block)


def _count(side: Connection, table: str) -> int:
    (found,) = side.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone() or (0,)
    return int(found)


def _make_pending(pairs: Mapping[str, tuple[Connection, Connection]]) -> int:
    """Messages in a mailbox become pending again in their publisher's outbox; how many there were."""
    unhandled: set[UUID] = {
        message for home_side, _ in pairs.values() for (message,) in home_side.execute("select message_id from mailbox")
    }
    statement = "update outbox set published_at = null where message_id = any(%s)"
    found = sum(server.execute(statement, [list(unhandled)]).rowcount for _, server in pairs.values())
    if found != len(unhandled):
        raise InputError("some messages are not handled and in no outbox: start guestloop up and let it finish first")
    return found
