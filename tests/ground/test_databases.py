"""A test's database is as if nobody had used it before, whatever the test before did to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from shared.database.dedicated_connection import DedicatedConnection
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from shared.events.console import EVERY_SERVICE
from tests.cast import employ
from tests.databases import Lending, on_server
from tests.warm_sessions import WARM

TABLES = """
    select oid::regclass::text from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1
"""
SESSION = """
    select (select array_agg((name, setting)::text order by name) from pg_settings
            where name <> 'application_name' and not (name like 'plpgsql.%' and setting = boot_val)),  -- once loaded
           (select array_agg(objid order by objid) from pg_locks where locktype = 'advisory'),
           (select array_agg(name) from pg_prepared_statements),
           (select array_agg(pg_listening_channels::text) from pg_listening_channels())
"""
CATALOGUE = """
    select (select array_agg((relname, relkind, reltuples, relacl::text, reloptions)::text order by relname)
            from pg_class where relnamespace = 'public'::regnamespace),
           (select array_agg((tgrelid::regclass, tgtype, tgenabled)::text order by tgrelid::regclass::text, tgtype)
            from pg_trigger),
           (select array_agg(conname order by conname) from pg_constraint),
           (select array_agg((proname, prosrc)::text order by oid) from pg_proc where oid >= 16384),
           (select array_agg((seqrelid::regclass, pg_sequence_last_value(seqrelid))::text order by seqrelid::regclass)
            from pg_sequence),
           (select count(*) from pg_statistic where starelid >= 16384),
           (select count(*) from pg_db_role_setting),
           (select count(*) from pg_stat_activity
            where datname = current_database() and application_name <> 'maintenance'
                and backend_type = 'client backend' and pid <> all(%s))
"""


def all_there_is(database: Database) -> Any:
    """Every row, sequence, setting, lock and object of the database."""
    with psycopg.connect(database.dsn, options="-c enable_seqscan=on") as connection:
        seen = [connection.execute(CATALOGUE, [WARM.pids(connection.info.dbname)]).fetchone()]
        for (table,) in connection.execute(TABLES).fetchall():
            seen.append((table, connection.execute(f"select t::text from {table} t order by 1".encode()).fetchall()))
    with database.transaction() as tx:
        return [*seen, tx.execute(SESSION).fetchone()]


def writes(database: Database) -> None:
    employ(database)
    _execute(
        database,
        "insert into outbox (type, routing_key, lane, body, subjects, speaker) select 'a', 'b', 'c', '', 1, 'd'",
        fails=True,
    )
    for table in _tables(database):
        _execute(database, f"insert into {table} default values", fails=True)  # a sequence moves all the same


def removes_what_was_shipped(database: Database) -> None:
    for table in _tables(database):
        _execute(database, f"delete from {table}")


def changes_what_was_shipped(database: Database) -> None:
    _execute(database, "update schema_migration set checksum = 'other', applied_at = applied_at + interval '1 day'")


def rolls_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as tx:
        for table in _tables(database):
            tx.execute(f"delete from {table}")
        raise ZeroDivisionError


def moves_every_sequence(database: Database) -> None:
    _execute(database, "select nextval(seqrelid) from pg_sequence")
    _execute(database, "select setval(seqrelid, 1000) from pg_sequence")


def gathers_statistics(database: Database) -> None:
    employ(database)
    _execute(database, "analyze")


def sets_its_session(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute("set plan_cache_mode = force_generic_plan")
        tx.execute("set enable_indexscan = off")
        tx.execute("prepare mine as select 1")
        tx.execute("select pg_advisory_lock(4711)")
        tx.execute("listen mine")
        tx.execute("create temp table mine (id int)")


def leaves_a_transaction_open(database: Database) -> None:
    connection = DedicatedConnection(database, "test").connection()
    left.append(connection)
    connection.execute("select pg_advisory_lock(4712)")
    connection.execute("begin")
    connection.execute("lock table outbox, inbox in access exclusive mode")


def leaves_a_connection_borrowed(database: Database) -> None:
    left.append(database.transaction())
    left[-1].__enter__().execute("delete from schema_migration")


def changes_the_schema(database: Database) -> None:
    _execute(database, "create table only_here (id int)")


def drops_a_column(database: Database) -> None:
    _execute(database, "alter table outbox drop column body")


def sleeping_triggers(database: Database) -> None:
    _execute(database, "alter table outbox disable trigger all")


def another_function(database: Database) -> None:
    _execute(database, "create function mine() returns int language sql as 'select 1'")


def sets_the_database(database: Database) -> None:
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute(f"alter database {connection.info.dbname} set work_mem = '1MB'".encode())


def ends_all_sessions(database: Database) -> None:
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")


def closes_it(database: Database) -> None:
    database.close()


GATHERING = "select 1 from pg_stat_activity where backend_type in ('autovacuum launcher', 'autovacuum worker')"


@pytest.fixture(scope="module", autouse=True)
def no_autovacuum(cluster: EmbeddedPostgres) -> Iterator[None]:
    """It may gather statistics at any moment, also between the tests, as on any server."""
    reload = sql.SQL("select pg_reload_conf()")
    for statement in (sql.SQL("alter system set autovacuum = off"), reload):
        on_server(cluster, statement)
    with psycopg.connect(cluster.admin_dsn(), autocommit=True) as connection:
        while connection.execute(GATHERING).fetchone():  # what is under way goes on a moment longer
            time.sleep(0.01)
    yield
    for statement in (sql.SQL("alter system reset autovacuum"), reload):
        on_server(cluster, statement)


left: list[Any] = []
DEEDS = (
    writes,
    removes_what_was_shipped,
    changes_what_was_shipped,
    rolls_back,
    moves_every_sequence,
    gathers_statistics,
    sets_its_session,
    leaves_a_transaction_open,
    leaves_a_connection_borrowed,
    changes_the_schema,
    drops_a_column,
    sleeping_triggers,
    another_function,
    sets_the_database,
    ends_all_sessions,
    closes_it,
)


@pytest.mark.parametrize(
    ("service", "deed"),
    [("messaging", deed) for deed in DEEDS]
    + [(service, deed) for service in EVERY_SERVICE if service != "messaging" for deed in DEEDS[:4]],
)
def test_the_next_test_finds_nothing_of_the_one_before(
    lending: Lending, service: str, deed: Callable[[Database], None]
) -> None:
    with lending.of_one_test() as make:
        make(service)  # and with it go statistics that autovacuum may have gathered before this test
    with lending.of_one_test() as make:
        before = all_there_is(make(service))
    with lending.of_one_test() as make:
        deed(make(service))
    with lending.of_one_test() as make:
        after = all_there_is(make(service))
    assert [(was, now) for was, now in zip(before, after, strict=True) if was != now] == []
    left.clear()


@pytest.mark.parametrize("service", EVERY_SERVICE)
def test_a_database_that_was_written_to_and_vacuumed_is_used_again(lending: Lending, service: str) -> None:
    names = set()
    for _ in range(3):
        with lending.of_one_test() as make:
            employ(database := make(service))
            with psycopg.connect(database.dsn, autocommit=True) as connection:
                connection.execute("vacuum")  # as autovacuum does, or what puts back
            names.add(database.dsn)
    assert len(names) == 1


def test_two_databases_of_one_test_are_two(lending: Lending) -> None:
    with lending.of_one_test() as make:
        first, second = make("console"), make("console")
        employ(first)
        with second.transaction() as tx:
            assert tx.execute("select count(*) from person_known").fetchone() == (0,)


def _tables(database: Database) -> list[str]:
    with database.transaction() as tx:
        return [table for (table,) in tx.execute(TABLES)]


def _execute(database: Database, statement: str, *, fails: bool = False) -> None:
    try:
        with database.transaction() as tx:
            tx.execute("set local session_replication_role = replica")
            tx.execute(statement)
    except psycopg.errors.DatabaseError:
        if not fails:
            raise
