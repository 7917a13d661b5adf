"""Migrations: each once, in order, whole or not at all, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from shared.database.migrate import SHARED_MIGRATIONS, MigrationError, migrate, migrations_in
from shared.embedded.server import EmbeddedPostgres
from tests.conftest import MakeDatabase
from tests.databases import SERVICES, on_server

AT = datetime(2016, 1, 1, tzinfo=UTC)
LATER = datetime(2016, 2, 1, tzinfo=UTC)
numbers = count(1)


@pytest.fixture
def empty(cluster: EmbeddedPostgres) -> Iterator[str]:
    """The dsn of an empty database."""
    name = sql.Identifier(f"empty_{next(numbers)}")
    on_server(cluster, sql.SQL("create database {}").format(name))
    yield cluster.admin_dsn(name.as_string().strip('"'))
    on_server(cluster, sql.SQL("drop database {} with (force)").format(name))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two migrations of a service «stays»."""
    folder = tmp_path / "stays" / "migrations"
    folder.mkdir(parents=True)
    (folder / "001_stay.sql").write_text("create table stay (id int);\ncreate index on stay (id);\n")
    (folder / "002_nights.sql").write_text("alter table stay add nights int;\n")
    return folder


def select(dsn: str, query: str) -> list[Any]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query.encode()).fetchall()


RECORD = "select folder, number, name, applied_at from schema_migration order by folder, number"


def test_each_file_is_applied_once_and_recorded(empty: str, folder: Path) -> None:
    assert migrate(empty, [folder], AT) == ["stays/001_stay.sql", "stays/002_nights.sql"]
    assert migrate(empty, [folder], LATER) == []
    assert select(empty, RECORD) == [("stays", 1, "001_stay.sql", AT), ("stays", 2, "002_nights.sql", AT)]


def test_what_is_new_is_applied_after_what_is_there(empty: str, folder: Path) -> None:
    migrate(empty, [folder], AT)
    (folder / "003_arrival.sql").write_text("alter table stay add arrival date")
    assert migrate(empty, [folder], LATER) == ["stays/003_arrival.sql"]
    assert select(empty, RECORD)[-1] == ("stays", 3, "003_arrival.sql", LATER)


def test_a_service_and_what_is_shared_are_numbered_apart(empty: str, folder: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared" / "migrations"
    shared.mkdir(parents=True)
    (shared / "001_bus.sql").write_text("create table outbox (id int)")
    assert migrate(empty, [shared, folder], AT)[0] == "shared/001_bus.sql"
    assert [row[:2] for row in select(empty, RECORD)] == [("shared", 1), ("stays", 1), ("stays", 2)]


def test_a_folder_that_is_not_there_has_no_migrations(empty: str, tmp_path: Path) -> None:
    assert migrate(empty, [tmp_path / "nothing" / "migrations"], AT) == []


def test_a_file_changed_after_it_was_applied_is_refused(empty: str, folder: Path) -> None:
    migrate(empty, [folder], AT)
    (folder / "001_stay.sql").write_text("create table stay (id bigint);\n")
    (folder / "003_more.sql").write_text("create table more (id int)")
    with pytest.raises(MigrationError, match=r"001_stay\.sql of stays was changed after it was applied"):
        migrate(empty, [folder], LATER)
    assert select(empty, "select to_regclass('more')") == [(None,)]


def test_a_file_that_fails_leaves_nothing_of_itself_and_all_before_it(empty: str, folder: Path) -> None:
    (folder / "003_broken.sql").write_text("create table half (id int); select 1 / 0;")
    with pytest.raises(MigrationError, match=r"003_broken\.sql of stays failed: division by zero"):
        migrate(empty, [folder], AT)
    assert select(empty, "select to_regclass('half'), to_regclass('stay') is not null") == [(None, True)]
    (folder / "003_broken.sql").write_text("create table half (id int)")
    assert migrate(empty, [folder], LATER) == ["stays/003_broken.sql"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("004_later.sql", "go from 002 to 004"),
        ("002_twin.sql", "Two migrations .* have the number 002"),
        ("3_short.sql", "not named like"),
        ("003_Capital.sql", "not named like"),
        ("000_zero.sql", "have the number 000|not named like|go from"),
    ],
)
def test_a_gap_a_twin_or_another_name_is_refused(folder: Path, name: str, sentence: str) -> None:
    (folder / name).write_text("select 1")
    with pytest.raises(MigrationError, match=sentence):
        migrations_in(folder)


def test_a_schema_newer_than_the_code_is_left_as_it_is(empty: str, folder: Path) -> None:
    migrate(empty, [folder], AT)
    (folder / "002_nights.sql").unlink()
    assert migrate(empty, [folder], LATER) == []


def test_a_file_slipped_in_before_what_was_applied_is_refused(empty: str, folder: Path) -> None:
    migrate(empty, [folder], AT)
    with psycopg.connect(empty) as connection:
        connection.execute("delete from schema_migration where number = 1")
    with pytest.raises(MigrationError, match=r"001_stay\.sql of stays was never applied though 002 was"):
        migrate(empty, [folder], LATER)


def test_of_two_at_once_one_waits_and_finds_all_done(empty: str, folder: Path) -> None:
    (folder / "003_slow.sql").write_text("select pg_sleep(0.3); create table slow (id int)")
    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(migrate, empty, [folder], AT) for _ in range(4)]
    assert sorted(len(one.result()) for one in done) == [0, 0, 0, 3]


@pytest.mark.parametrize("service", ["segments", "campaigns", "messaging", "feedback", "console"])
def test_every_services_own_migrations_apply_to_an_empty_database(make_database: MakeDatabase, service: str) -> None:
    files = [SHARED_MIGRATIONS, SERVICES / service / "migrations"]
    assert migrate(make_database(service).dsn, files, LATER) == []  # all applied when it was made
