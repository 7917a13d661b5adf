"""An embedded home moves to a server, counted on both sides."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import psycopg
import pytest

from guestloop.composition.services import SERVICES, database_name
from guestloop.generated.export import write_export
from guestloop.operations.connect import connect
from shared.clock import SystemClock
from shared.embedded.server import EmbeddedPostgres
from tests.command_line import guestloop

ROWS = 120
TEXTS = """
    insert into sent_text (message_id, sent_at, text_sealed)
    select gen_random_uuid(), %s + n * interval '1 day', 'sealed:x' from unnest('{-1000, 40, 1000}'::int[]) as n
"""
"""Of a month long ago, of one to come, and of one that nobody has made yet."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("moving")
    write_export(folder / "reservations.csv", rows=ROWS)
    done = guestloop(folder, "import", str(folder / "reservations.csv"))
    assert done.returncode == 0, done.stderr
    environment = {**os.environ, "GUESTLOOP_HOME": str(folder / "home")}
    with (
        connect(environment, SystemClock()) as installation,
        installation.group.database("messaging").transaction() as tx,
    ):
        tx.execute(TEXTS, [SystemClock().now()])
    return folder / "home"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server of its own, with a user of one service only, as `deploy/private/databases.sql` makes them."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("server"), durable=False, start_within=300) as server:
        with psycopg.connect(server.admin_dsn(), autocommit=True) as connection:
            connection.execute(f"create role {database_name('console')} login password 'hers'")
            ascii_ = "encoding 'SQL_ASCII' locale_provider libc lc_collate 'C' lc_ctype 'C'"
            connection.execute(f"create database without_encoding template template0 {ascii_}")
        yield server


@pytest.fixture
def server(running: EmbeddedPostgres) -> Iterator[EmbeddedPostgres]:
    """The server with no database of ours on it."""
    yield running
    with psycopg.connect(running.admin_dsn(), autocommit=True) as connection:
        for name in SERVICES:
            connection.execute(f"drop database if exists {database_name(name)} with (force)")


def count(dsn: str, table: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(f"select count(*) from {table}").fetchone()
        return int(row[0]) if row else 0


def test_everything_arrives_and_the_installation_works_from_there(home: Path, server: EmbeddedPostgres) -> None:
    done = guestloop(home.parent, "move", "--to", server.admin_dsn("without_encoding"), "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert rows["segments"]["stay"] == ROWS and set(rows) == set(SERVICES)
    keys = {"GUESTLOOP_KEYS_FILE": str(home / "keys"), "GUESTLOOP_HOME": str(home / "elsewhere")}
    there = {f"GUESTLOOP_{one.upper()}_DATABASE": server.admin_dsn(database_name(one)) for one in SERVICES} | keys
    status = guestloop(home.parent, "status", "--json", **there)
    assert json.loads(status.stdout)["segments"]["stays"] == ROWS
    exported = guestloop(home.parent, "export", str(home.parent / "exported"), "--json", **there)
    assert json.loads(exported.stdout)["stays.jsonl"] == ROWS, exported.stderr
    with psycopg.connect(server.admin_dsn(database_name("console"))) as connection:
        owners = connection.execute("select distinct tableowner from pg_tables where schemaname = 'public'").fetchall()
    assert owners == [(database_name("console"),)]


def test_what_is_kept_by_month_is_one_table_and_lies_in_its_months_there(home: Path, server: EmbeddedPostgres) -> None:
    done = guestloop(home.parent, "move", "--to", server.admin_dsn(), "--json")
    moved = json.loads(done.stdout)["messaging"]
    assert moved["sent_text"] == 3 and not [table for table in moved if table.startswith("sent_text_")]
    with psycopg.connect(server.admin_dsn(database_name("messaging"))) as connection:
        found = connection.execute(
            "select tableoid::regclass::text, sent_at from sent_text order by sent_at"
        ).fetchall()
    (before, _), (month, at), (default, _) = found
    assert before.startswith("sent_text_before_") and default == "sent_text_default"
    assert month == f"sent_text_{at.astimezone(UTC):%Y_%m}"


def test_the_next_number_is_not_one_that_was_given(home: Path, server: EmbeddedPostgres) -> None:
    assert guestloop(home.parent, "move", "--to", server.admin_dsn()).returncode == 0
    with psycopg.connect(server.admin_dsn(database_name("segments"))) as connection:
        insert = """
            insert into outbox (message_id, type, lane, headers, body, subjects, created_at, available_at)
            values (gen_random_uuid(), 'x', 'stay', '{}', '', 1, '2026-01-01', '2026-01-01') returning id
        """
        (greatest,) = connection.execute("select max(id) from outbox").fetchone() or (0,)
        (given,) = connection.execute(insert).fetchone() or (0,)
    assert given > greatest > 0


def test_what_nobody_had_heard_is_said_again(home: Path, server: EmbeddedPostgres) -> None:
    environment = {**os.environ, "GUESTLOOP_HOME": str(home)}
    letter = """
        insert into mailbox (queue, concern, message_id, type, lane, headers, body, available_at)
        select 'campaigns.stays.stay', 'stays', %s, 'stay.booked.v1', 'stay', '{}', '', %s
    """
    with connect(environment, SystemClock()) as installation:
        with installation.group.database("segments").transaction() as tx:
            row = tx.execute("select message_id from outbox order by id limit 1").fetchone()
            assert row is not None
        with installation.group.database("campaigns").transaction() as tx:
            tx.execute(letter, [row[0], SystemClock().now()])
    try:
        done = guestloop(home.parent, "move", "--to", server.admin_dsn())
        assert "1  messages that were not handled yet will be published again" in done.stdout, done.stderr
        dsn = server.admin_dsn(database_name("segments"))
        assert count(dsn, f"outbox where published_at is null and message_id = '{row[0]}'") == 1
        assert count(server.admin_dsn(database_name("campaigns")), "mailbox") == 0
    finally:
        with (
            connect(environment, SystemClock()) as installation,
            installation.group.database("campaigns").transaction() as tx,
        ):
            tx.execute("truncate mailbox")


def test_a_server_that_holds_something_is_refused_and_stays_as_it_is(home: Path, server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.admin_dsn(), autocommit=True) as connection:
        connection.execute(f"create database {database_name('messaging')}")
    with psycopg.connect(server.admin_dsn(database_name("messaging")), autocommit=True) as connection:
        connection.execute("create table theirs (what text)")
    done = guestloop(home.parent, "move", "--to", server.admin_dsn())
    assert done.returncode == 1 and "guestloop_messaging on the server is not empty" in done.stderr
    assert count(server.admin_dsn(database_name("segments")), "pg_tables where schemaname = 'public'") == 0


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("postgresql://somebody@127.0.0.1:9/", "the server does not answer"),
        ("postgresql://[broken", "--to:"),
    ],
)
def test_a_server_that_cannot_be_had_is_one_sentence(home: Path, to: str, says: str) -> None:
    done = guestloop(home.parent, "move", "--to", to)
    assert done.returncode == 1 and says in done.stderr and "Traceback" not in done.stderr
