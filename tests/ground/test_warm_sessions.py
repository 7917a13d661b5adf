"""A session that was closed in good order is used again, as if it were new; any other is not."""

from __future__ import annotations

import os

import psycopg
import pytest

from shared.database.pool import Database
from tests.conftest import MakeDatabase
from tests.warm_sessions import WARM, WarmSessions


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    made = make_database("console")
    WARM.let_go(psycopg.conninfo.conninfo_to_dict(made.dsn)["dbname"])  # type: ignore[arg-type]
    return made


def connected(database: Database) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(database.dsn, autocommit=True, application_name="of this test")


def test_it_is_used_again_without_its_settings_locks_and_statements(database: Database) -> None:
    with connected(database) as first:
        process = first.info.backend_pid
        first.execute("set work_mem = '7MB'")
        first.execute("select pg_advisory_lock(1)")
        for _ in range(10):
            first.execute("select %s::int", [1], prepare=True)
    assert first.closed
    with pytest.raises(psycopg.OperationalError):
        first.execute("select 1")
    with connected(database) as second:
        assert second.info.backend_pid == process
        assert second.execute("select current_setting('work_mem') <> '7MB'").fetchone() == (True,)
        assert second.execute("select count(*) from pg_locks where locktype = 'advisory'").fetchone() == (0,)
        assert second.execute("select count(*) from pg_prepared_statements").fetchone() == (0,)
        assert second.execute("select %s::int", [1], prepare=True).fetchone() == (1,)


def test_nobody_else_gets_it_while_it_is_used(database: Database) -> None:
    with connected(database) as first, connected(database) as second:
        assert first.info.backend_pid != second.info.backend_pid


def test_other_words_are_another_session(database: Database) -> None:
    with connected(database) as first:
        process = first.info.backend_pid
    with psycopg.connect(database.dsn, application_name="of somebody else") as second:
        assert second.info.backend_pid != process


def test_what_was_left_in_a_transaction_is_closed(database: Database) -> None:
    first = connected(database)
    process = first.info.backend_pid
    first.execute("begin")
    first.close()
    with connected(database) as second:
        assert second.info.backend_pid != process


def test_what_the_server_ended_is_not_given_again(database: Database) -> None:
    with connected(database) as first:
        process = first.info.backend_pid
    with psycopg.connect(database.dsn, autocommit=True) as other:
        assert other.execute("select pg_terminate_backend(%s, 10000)", [process]).fetchone() == (True,)
    with connected(database) as second:
        assert second.execute("select 1").fetchone() == (1,)
        assert second.info.backend_pid != process


def test_a_session_of_the_process_it_was_forked_from_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    made = WarmSessions()
    made._kept["words"].append(object())
    monkeypatch.setattr(made, "_process", os.getppid())
    assert made.take("words") is None
