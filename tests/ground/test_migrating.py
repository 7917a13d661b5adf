"""Migrations at a database that is at work: nobody waits for them, and what was interrupted goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from shared.database.migrate import MigrationError, migrate, migrate_on
from shared.database.migrating import Patience
from shared.embedded.server import EmbeddedPostgres
from shared.ids import make_id
from tests.conftest import MakeDatabase
from tests.databases import on_server
from tests.messaging.hotel import MONDAY, Hotel, email, guest, lisbon, stay, survey

AT = datetime(2016, 1, 1, tzinfo=UTC)
LOCK = 200  # milliseconds
numbers = count(1)
Write = Callable[[str, str], Path]


@pytest.fixture
def dsn(cluster: EmbeddedPostgres) -> Iterator[str]:
    """Of a database with ten nights, of two of which the room is the same."""
    name = f"at_work_{next(numbers)}"
    on_server(cluster, sql.SQL("create database {}").format(sql.Identifier(name)))
    run(cluster.admin_dsn(name), "create table night (id int, room int, paid bool)")
    run(cluster.admin_dsn(name), "insert into night select n, greatest(n, 2) from generate_series(1, 10) as n")
    yield cluster.admin_dsn(name)
    on_server(cluster, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the next migration of a service «stays»; returns the folder."""
    folder = tmp_path / "stays" / "migrations"
    folder.mkdir(parents=True)

    def written(name: str, text: str) -> Path:
        (folder / f"{len(list(folder.iterdir())) + 1:03}_{name}.sql").write_text(text)
        return folder

    return written


def no_pause(seconds: float) -> None:
    pytest.fail(f"it would have waited for {seconds} seconds")


def run(dsn: str, query: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(query.encode())


def one(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def dump(dsn: str, table: str) -> psycopg.Connection[tuple[object, ...]]:
    """What pg_dump does to a table, for as long as the connection is open."""
    connection = psycopg.connect(dsn)
    connection.execute(sql.SQL("lock table {} in access share mode").format(sql.Identifier(table)))
    return connection


def test_while_a_backup_runs_messages_go_and_the_migration_is_done_after_it(
    make_database: MakeDatabase, write: Write
) -> None:
    database = make_database("messaging")
    hotel = Hotel(database)
    hotel.hears(lisbon())
    backup = dump(database.dsn, "delivery")
    paused = []

    def meanwhile(seconds: float) -> None:
        """The house works: a guest comes, a survey is asked for, goes, and is read of."""
        paused.append(seconds)
        number = len(paused)
        who = make_id("guest", "during the backup", number)
        hotel.hears(guest(who, points=[email(hotel.keyring, f"guest{number}@mail.example.com")]))
        hotel.hears(stay(f"R{number}", who))
        hotel.hears(survey(f"R{number}", who))
        hotel.sender.step(MONDAY)
        assert hotel.one("select count(*) from delivery where state = 'sent'") == number
        if number == 2:
            backup.close()

    folder = write("colour", "alter table delivery add column colour text")
    with closing(backup):
        assert migrate(database.dsn, [folder], AT, Patience(LOCK, [1, 2, 4], meanwhile)) == ["stays/001_colour.sql"]
    assert paused == [1, 2]
    assert hotel.all("select distinct colour from delivery") == [(None,)]


def test_once_its_patience_ends_a_migration_leaves_all_as_it_was_and_says_what_to_do(dsn: str, write: Write) -> None:
    folder = write("price", "alter table night add column price int; create table price (id int)")
    write("later", "create table later (id int)")
    with closing(dump(dsn, "night")), pytest.raises(MigrationError, match=r"001_price\.sql of stays .* run it again"):
        migrate(dsn, [folder], AT, Patience(LOCK, [], no_pause))
    assert one(dsn, "select to_regclass('later')") is None
    assert migrate(dsn, [folder], AT) == ["stays/001_price.sql", "stays/002_later.sql"]


def test_an_index_is_made_while_the_table_is_written_to(dsn: str, write: Write) -> None:
    """`create index` alone would wait for the writer and fail here: it has two hundredths of patience."""
    folder = write(
        "by_room", "-- migrate: concurrently\ncreate index concurrently if not exists night_room on night (room);"
    )
    with ThreadPoolExecutor(1) as threads, closing(psycopg.connect(dsn)) as writer:
        writer.execute("insert into night values (11, 11)")
        done = threads.submit(migrate, dsn, [folder], AT, Patience(LOCK, [], no_pause))
        while not one(dsn, "select to_regclass('night_room') is not null"):
            assert not done.done() or done.result()
        run(dsn, "insert into night values (12, 12)")  # and others write while it is made
        writer.commit()
        assert done.result() == ["stays/001_by_room.sql"]
    assert one(dsn, "select indisvalid from pg_index where indexrelid = 'night_room'::regclass")


def test_an_index_that_a_dead_run_left_half_made_is_made_anew(dsn: str, write: Write) -> None:
    made = "create unique index concurrently if not exists night_room on night (room)"
    folder = write("by_room", f"-- migrate: concurrently\n{made};")
    with pytest.raises(MigrationError, match="could not create unique index"):
        migrate(dsn, [folder], AT)
    assert one(dsn, "select indisvalid from pg_index where indexrelid = 'night_room'::regclass") is False
    run(dsn, "update night set room = 1 where id = 1")
    assert migrate(dsn, [folder], AT) == ["stays/001_by_room.sql"]
    assert one(dsn, "select indisvalid from pg_index where indexrelid = 'night_room'::regclass")


PAID = """-- migrate: in sets
update night set paid = false where id in (select id from night where paid is null order by id limit 3);
"""


def test_what_is_filled_in_by_sets_goes_on_where_it_was_interrupted(dsn: str, write: Write) -> None:
    folder = write("paid", PAID)
    run(dsn, "alter table night add constraint broken check (paid is null or id <> 8)")
    with pytest.raises(MigrationError, match="broken"):
        migrate(dsn, [folder], AT)
    assert one(dsn, "select count(*) from night where not paid") == 6, "two sets were committed"
    run(dsn, "alter table night drop constraint broken")
    assert migrate(dsn, [folder], AT) == ["stays/001_paid.sql"]
    assert one(dsn, "select count(*) from night where not paid") == 10


def test_a_row_that_somebody_holds_is_waited_for_and_no_row_is_left_out(dsn: str, write: Write) -> None:
    folder = write("paid", PAID)
    with closing(psycopg.connect(dsn)) as writer:
        writer.execute("update night set room = 99 where id = 5")
        patience = Patience(LOCK, [1], lambda _: writer.commit())
        assert migrate(dsn, [folder], AT, patience) == ["stays/001_paid.sql"]
    assert one(dsn, "select count(*) from night where not paid") == 10
    assert one(dsn, "select room from night where id = 5") == 99


def test_of_two_at_once_none_waits_for_the_other_with_an_index_in_the_making(dsn: str, write: Write) -> None:
    folder = write(
        "by_room", "-- migrate: concurrently\ncreate index concurrently if not exists night_room on night (room);"
    )
    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(migrate, dsn, [folder], AT, Patience(LOCK, [], no_pause)) for _ in range(4)]
    assert sorted(len(one.result()) for one in done) == [0, 0, 0, 1]


def test_in_a_callers_transaction_all_kinds_run_and_all_are_taken_back(dsn: str, write: Write) -> None:
    write("by_room", "-- migrate: concurrently\ncreate index concurrently if not exists night_room on night (room);")
    folder = write("paid", PAID)
    with psycopg.connect(dsn) as connection:
        assert len(migrate_on(connection, [folder], AT)) == 2
        connection.rollback()
    assert one(dsn, "select count(*) from night where not paid") == 0
    assert one(dsn, "select to_regclass('night_room')") is None


def test_a_kind_that_there_is_not_is_refused_before_anything_is_done(dsn: str, write: Write) -> None:
    write("one", "create table one (id int)")
    folder = write("two", "-- migrate: gently\nselect 1")
    with pytest.raises(MigrationError, match=r"002_two\.sql begins with a kind of migration that there is not"):
        migrate(dsn, [folder], AT)
    assert one(dsn, "select to_regclass('one')") is None
