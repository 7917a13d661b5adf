"""Databases for tests: made once a worker, and emptied after each test that wrote to them.

A test gets sessions of its own, so no lock, setting or prepared statement outlives it. What it leaves in the database
is put back: written tables are emptied, rows that came with the migrations are restored, sequences restart, statistics
go. A database whose schema was changed, or that cannot be put back, is dropped; the next test gets a new one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from tests.warm_sessions import WARM

SERVICES = Path(__file__).parent.parent / "services"
MIGRATED_AT = datetime(2015, 1, 1, tzinfo=UTC)
GONE_WITHIN = 10.0  # seconds that a session may take to end
MAINTENANCE = "maintenance"  # the name of the session that puts back
FEW = 8 * 8192  # bytes of a table: its rows are sooner deleted than its files, and those of its indexes, made anew

Key = tuple[str, bool]

# Whatever DDL writes, and TRUNCATE or ANALYZE do not, of what came after the server's own.
SCHEMA = """
    select (select array_agg((count, hash)::text) from (
                select count(*), sum(hash_record_extended(
                    (oid, relname, relnamespace, relkind, relacl::text, reloptions, relhastriggers), 0)) as hash
                from pg_class where oid >= 16384 and relkind <> 't')),
           (select array_agg((count, newest)::text) from (
                select count(*), max(xmin::text::bigint) as newest from pg_attribute where attrelid >= 16384
                union all select count(*), max(xmin::text::bigint) from pg_attrdef
                union all select count(*), max(xmin::text::bigint) from pg_constraint where oid >= 16384
                union all select count(*), max(xmin::text::bigint) from pg_index where indexrelid >= 16384
                union all select count(*), max(xmin::text::bigint) from pg_namespace
                union all select count(*), max(xmin::text::bigint) from pg_proc where oid >= 16384
                union all select count(*), max(xmin::text::bigint) from pg_rewrite where oid >= 16384
                union all select count(*), max(xmin::text::bigint) from pg_trigger
                union all select count(*), max(xmin::text::bigint) from pg_type where oid >= 16384
                union all select count(*), max(xmin::text::bigint) from pg_db_role_setting
                where setdatabase in (0, (select oid from pg_database where datname = current_database()))))
"""
# A table that was never written since it was made, truncated or vacuumed has no page, not even after a rollback.
WRITTEN = """
    select oid::regclass::text, size <= %s
    from (select oid, pg_relation_size(oid) as size from pg_class
          where relkind = 'r' and relnamespace = 'public'::regnamespace) written
    where size > 0 order by oid
"""
WITHOUT_TRIGGERS = "set local session_replication_role = replica"
# Takes marks away that migrations left, as on tables that had a trigger: later it would be a change.
VACUUM_ALL = "vacuum (skip_database_stats, process_toast false)"
SEQUENCES = "select seqrelid::regclass::text, pg_sequence_last_value(seqrelid) from pg_sequence order by seqrelid"
RESTART = """
    select setval(seqrelid, coalesce(new.value, seqstart), new.value is not null)
    from pg_sequence join unnest(%s::text[], %s::bigint[]) new (name, value) on seqrelid = new.name::regclass
    where pg_sequence_last_value(seqrelid) is distinct from new.value
"""
# As if the table was never analysed: TRUNCATE does the same, CREATE INDEX does not.
FORGET_STATISTICS = """
    with gone as (delete from pg_statistic where starelid >= 16384)
    update pg_class set relpages = 0, relallvisible = 0, reltuples = case relkind when 'i' then 0 else -1 end
    where oid >= 16384 and relkind in ('r', 'p', 'i')
        and (relpages, relallvisible, reltuples) is distinct from (0, 0, case relkind when 'i' then 0 else -1 end)
"""
END_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        and pid <> all(%s)
"""


class TestDatabase:
    """One migrated database, lent to one test after another."""

    __test__ = False

    def __init__(self, cluster: EmbeddedPostgres, name: str, folders: Sequence[Path]) -> None:
        self._cluster, self.name = cluster, name
        on_server(cluster, sql.SQL("create database {}").format(sql.Identifier(name)))
        WARM.keep_those_of(name)
        migrate(self.dsn, folders, MIGRATED_AT)
        self._session: psycopg.Connection[Any] | None = None
        with self._connected() as session:
            session.execute(VACUUM_ALL)
            session.execute(FORGET_STATISTICS)
            self._schema = session.execute(SCHEMA).fetchone()
            self._sequences = session.execute(SEQUENCES).fetchall()
            self._shipped = {table: _content(session, table) for table in _written(session)}
            self._marks = {table: _mark(session, table) for table in self._shipped}

    @property
    def dsn(self) -> str:
        return self._cluster.admin_dsn(self.name)

    def put_back(self) -> bool:
        """As it was after its migrations; False where that cannot be."""
        for _ in range(2):  # the test may have ended this session as well
            with suppress(psycopg.Error), self._connected() as session:
                if not _alone(session, WARM.pids(self.name)):
                    return False
                if session.execute(SCHEMA).fetchone() != self._schema:
                    return False
                self._empty(session)
                return True
        return False

    def let_go(self) -> None:
        """Its sessions are closed until it is lent or put back again."""
        if self._session is not None:
            self._session.close()
            self._session = None
        WARM.let_go(self.name)

    def drop(self) -> None:
        self.let_go()
        on_server(self._cluster, sql.SQL("drop database {} with (force)").format(sql.Identifier(self.name)))

    def _empty(self, session: psycopg.Connection[Any]) -> None:
        changed = {table for table, mark in self._marks.items() if _mark(session, table) != mark}
        written = _written(session)
        emptied = [table for table in written if table in changed or table not in self._shipped]
        few, many = ([table for table in emptied if written[table] is is_few] for is_few in (True, False))
        with session.transaction():
            session.execute(WITHOUT_TRIGGERS)
            if many:
                session.execute(f"truncate {', '.join(many)} cascade".encode())
            for table in few:
                session.execute(f"delete from {table}".encode())
        if few:  # their pages go: the next rows lie as in a new table
            session.execute(f"vacuum (skip_database_stats) {', '.join(few)}".encode())
        with session.transaction():
            session.execute(WITHOUT_TRIGGERS)
            if changed or many:
                self._bring_back(session)
            names, values = zip(*self._sequences, strict=True)
            session.execute(RESTART, [list(names), list(values)])
            session.execute(FORGET_STATISTICS)

    def _bring_back(self, session: psycopg.Connection[Any]) -> None:
        for table in self._shipped:
            if _mark(session, table) != self._marks[table]:  # emptied with the others
                with session.cursor().copy(f"copy {table} from stdin".encode()) as copy:
                    copy.write(self._shipped[table])
                self._marks[table] = _mark(session, table)

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        if self._session is None or self._session.closed:
            self._session = psycopg.connect(
                self.dsn, autocommit=True, prepare_threshold=1, application_name=MAINTENANCE
            )
        yield self._session


class Lending:
    """The databases of a test run: the n-th that one test asks for of a service is the n-th of every test."""

    def __init__(self, cluster: EmbeddedPostgres, keyring: KeyRing) -> None:
        self._cluster, self._keyring = cluster, keyring
        self._made: dict[Key, list[TestDatabase]] = {}
        self._numbers = count(1)

    @contextmanager
    def of_one_test(self) -> Iterator[Borrowing]:
        borrowing = Borrowing(self)
        try:
            yield borrowing
        finally:
            self._take_back(borrowing)

    def take(self, service: str, place: int, *, bare: bool) -> Database:
        databases = self._made.setdefault((service, bare), [])
        if place == len(databases):
            folders = [SHARED_MIGRATIONS] if bare else [SHARED_MIGRATIONS, SERVICES / service / "migrations"]
            name = f"{'bus' if bare else 'test'}_{service}_{next(self._numbers)}"
            databases.append(TestDatabase(self._cluster, name, folders))
        return Database(databases[place].dsn, service=service, keyring=self._keyring)

    def _take_back(self, borrowing: Borrowing) -> None:
        for database in borrowing.lent:
            database.close()
        for key, databases in self._made.items():
            for place, each in reversed(list(enumerate(databases))):
                if place >= borrowing.asked.get(key, 0):
                    each.let_go()  # the server has a hundred seats
                elif not each.put_back():
                    each.drop()
                    del databases[place]


class Borrowing:
    """What one test has borrowed."""

    def __init__(self, lending: Lending) -> None:
        self._lending = lending
        self.asked: dict[Key, int] = {}
        self.lent: list[Database] = []

    def __call__(self, service: str, *, bare: bool = False) -> Database:
        """The next database of that service; a bare one has the bus's tables and no more."""
        place = self.asked.get((service, bare), 0)
        self.asked[service, bare] = place + 1
        database = self._lending.take(service, place, bare=bare)
        self.lent.append(database)
        return database


def on_server(cluster: EmbeddedPostgres, statement: sql.Composable) -> None:
    with psycopg.connect(cluster.admin_dsn(), autocommit=True) as connection:
        connection.execute(statement.as_bytes())


def _alone(session: psycopg.Connection[Any], kept: list[int]) -> bool:
    """Whether all other sessions of the database ended, but for those that are kept; they are told to."""
    give_up = time.monotonic() + GONE_WITHIN
    while session.execute(END_OTHERS, [kept]).fetchone():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.001)
    return True


def _written(session: psycopg.Connection[Any]) -> dict[str, bool]:
    """The tables that have pages, and whether they have few."""
    return dict(session.execute(WRITTEN, [FEW]).fetchall())


def _content(session: psycopg.Connection[Any], table: str) -> bytes:
    with session.cursor().copy(f"copy {table} to stdout".encode()) as copy:
        return b"".join(bytes(part) for part in copy)


def _mark(session: psycopg.Connection[Any], table: str) -> Any:
    """Differs once a row was added, changed or removed."""
    return session.execute(f"select count(*), max(xmin::text::bigint) from {table}".encode()).fetchone()
