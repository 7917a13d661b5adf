"""Tables kept by month: months are there before they are needed, what is over is dropped whole, and nothing waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from services.messaging.service import SERVICE as MESSAGING
from shared.database import months
from shared.database.months import AHEAD, after, drop_before, leaves, make_ahead, month_of, parts_of
from shared.database.pool import Database
from shared.personal_data.columns import plain
from shared.personal_data.declaration import PersonalData, Table
from shared.personal_data.retention.run import Retention
from shared.personal_data.retention.subjects import BLOCKS, make_months, subjects_of
from shared.vocabulary.personal_data import Kept
from tests.conftest import MakeDatabase

NOW = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
TOY = Table(name="toy", what="Toys", why="A toy.", columns=plain("id", "at"), kept=Kept.MESSAGE_TEXT, by_month="at")
TOYS = """
    create table toy (id int, at timestamptz not null, primary key (id, at)) partition by range (at);
    create table toy_default partition of toy default with (autovacuum_enabled = false);
"""


@pytest.fixture
def toys(make_database: MakeDatabase) -> Database:
    database = make_database("campaigns")
    with database.transaction() as tx:
        for statement in TOYS.split(";")[:2]:
            tx.execute(statement)
    return database


def make(database: Database, now: datetime = NOW) -> int:
    with database.transaction() as tx:
        return make_ahead(tx.connection, "toy", "at", now)


def drop(database: Database, before: datetime) -> int:
    with database.transaction() as tx:
        return drop_before(tx.connection, "toy", "at", before)


def put(database: Database, *days: datetime) -> None:
    with database.transaction() as tx:
        tx.execute("insert into toy select n, at from unnest(%s::timestamptz[]) with ordinality d (at, n)", [[*days]])


def where(database: Database) -> list[str]:
    """The part of each row, in the order of their days."""
    return [part for (part,) in rows(database, "select tableoid::regclass::text from toy order by at")]


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.transaction() as tx:
        return tx.execute(query).fetchall()


def parts(database: Database) -> list[str]:
    with database.transaction() as tx:
        return [part.name for part in parts_of(tx.connection, "toy")]


def test_a_month_is_a_calendar_month_of_utc() -> None:
    late = datetime.fromisoformat("2026-12-01T01:30:00+02:00")
    assert month_of(late) == NOVEMBER
    assert after(NOVEMBER, 2) == datetime(2027, 1, 1, tzinfo=UTC)


def test_months_are_made_ahead_and_once(toys: Database) -> None:
    assert make(toys) == 1 + AHEAD
    assert make(toys) == make(toys, NOVEMBER) == 0
    assert parts(toys) == [
        *("toy_before_2026_11", "toy_2026_11", "toy_2026_12", "toy_2027_01", "toy_2027_02", "toy_default")
    ]
    assert make(toys, NOW + timedelta(minutes=1)) == 1
    kept_as = "select count(*) from pg_class where relname ~ '^toy_20' and relkind = 'r' and reloptions is not null"
    assert rows(toys, kept_as) == [(5,)]


def test_a_row_finds_its_month_and_where_there_is_none_it_is_taken_all_the_same(toys: Database) -> None:
    put(toys, NOW)
    assert where(toys) == ["toy_default"]
    make(toys)
    put(toys, NOVEMBER - timedelta(days=900), NOW + timedelta(minutes=1), NOW + timedelta(days=500))
    assert where(toys) == ["toy_before_2026_12", "toy_before_2026_12", "toy_2026_12", "toy_default"]


def test_what_came_while_nobody_made_months_becomes_a_part_of_its_own(toys: Database) -> None:
    make(toys)
    put(toys, NOW, NOW + timedelta(days=150), NOW + timedelta(days=200))
    assert make(toys, NOW + timedelta(days=201)) == AHEAD
    assert where(toys) == ["toy_2026_11", "toy_before_2027_07", "toy_before_2027_07"]
    assert parts(toys)[-2:] == ["toy_2027_09", "toy_default"]


def test_a_month_that_is_over_goes_whole_and_its_neighbours_stay(toys: Database) -> None:
    make(toys)
    december = after(NOVEMBER)
    put(toys, NOVEMBER, NOW, december, after(NOVEMBER, 2))
    assert drop(toys, december - timedelta(seconds=1)) == 0
    assert drop(toys, december) == 2
    assert where(toys) == ["toy_2026_12", "toy_2027_01"]
    assert drop(toys, december) == 0


def test_what_is_told_late_of_a_dropped_month_goes_with_the_next(toys: Database) -> None:
    make(toys)
    drop(toys, after(NOVEMBER))
    put(toys, NOVEMBER, after(NOVEMBER))
    assert where(toys) == ["toy_before_2026_12", "toy_2026_12"]
    assert drop(toys, after(NOVEMBER)) == 1
    assert drop(toys, after(NOVEMBER, 2)) == 1
    assert rows(toys, "select * from toy") == []


def test_nobody_waits_behind_one_who_reads_the_table_for_an_hour(toys: Database) -> None:
    make(toys)
    put(toys, NOVEMBER)
    with toys.transaction() as backup:
        backup.execute("select count(*) from toy").fetchone()
        with pytest.raises(psycopg.errors.LockNotAvailable):
            drop(toys, after(NOVEMBER))
        with pytest.raises(psycopg.errors.LockNotAvailable):
            make(toys, after(NOVEMBER))
        put(toys, NOVEMBER + WEEK)
    assert drop(toys, after(NOVEMBER)) == 2


def test_the_role_rests_while_others_hold_the_table_and_goes_on_afterwards(toys: Database) -> None:
    role = Retention(toys, subjects_of(PersonalData(tables=(TOY,))))
    with toys.transaction() as backup:
        backup.execute("select count(*) from toy").fetchone()
        assert role.step(NOW) == 0
    assert parts(toys) == ["toy_default"]
    assert role.step(NOW) == 0, "it looks every half minute"
    assert role.step(NOW + timedelta(minutes=1)) == 1
    assert len(parts(toys)) == 2 + AHEAD + 1


def test_the_nightly_run_drops_months_and_deletes_where_none_was_made(toys: Database) -> None:
    """Thirteen months from the end of the month: what came before months were made goes row by row."""
    with toys.transaction() as tx:
        tx.execute(
            "insert into toy select n, %s::timestamptz - n %% 2 * interval '60 days' from generate_series(1, %s) n",
            [NOW, BLOCKS * 200],
        )
    role = Retention(toys, subjects_of(PersonalData(tables=(TOY,))))
    work(role, NOW)
    put(toys, after(NOVEMBER), after(NOVEMBER) + WEEK)
    left = []
    for passed in (13, 14, 15, 16):
        until = after(NOVEMBER, passed)
        work(role, until - timedelta(days=1, hours=-4))
        work(role, until + timedelta(hours=4))
        left.append(rows(toys, "select count(*) from toy")[0][0])
    assert left == [BLOCKS * 100 + 2, 2, 0, 0]
    assert not [part for part in parts(toys) if part < "toy_2027_02" and not part.startswith("toy_before")]


def work(role: Retention, now: datetime) -> None:
    while role.step(now):
        pass


def test_what_is_kept_by_month_is_told_to_whoever_watches(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    told = []
    for is_made in (False, True):
        with database.transaction() as tx:
            while is_made and make_months(tx.connection, MESSAGING.personal_data, NOW):
                pass
            gauges = {name: value for name, _, value in tx.execute(MESSAGING.backlog.sql, {"now": NOW})}
            told.append((gauges["guestloop_months_kept"], gauges["guestloop_months_ahead_seconds"]))
    three = after(NOVEMBER, 1 + AHEAD) - NOW
    assert told == [(0, 0), (2 + AHEAD, three.total_seconds())]


def test_whoever_goes_by_pages_finds_the_parts(toys: Database) -> None:
    make(toys)
    with toys.transaction() as tx:
        assert leaves(tx.connection, "journey") == ["journey"]
        assert set(leaves(tx.connection, "toy")) == {part.name for part in parts_of(tx.connection, "toy")}


def test_a_large_table_of_before_becomes_a_part_while_everybody_works_with_it(
    toys: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "LARGE", 0)
    put(toys, NOVEMBER - timedelta(days=900))
    told: list[str | None] = []
    for days in range(3):
        put(toys, NOW + timedelta(days=days))
        with toys.transaction() as tx:
            tx.connection.add_notice_handler(notice := lambda said: told.append(said.message_primary))
            tx.execute("set local client_min_messages = debug1")
            assert make_ahead(tx.connection, "toy", "at", NOW)
            tx.connection.remove_notice_handler(notice)
    assert make(toys) == 0
    assert [one for one in told if one and "implied by existing constraints" in one and "toy_before" in one]
    assert parts(toys) == ["toy_before_2027_01", "toy_2027_01", "toy_2027_02", "toy_default"]
    put(toys, NOW + WEEK, NOW + timedelta(days=900))
    assert where(toys) == ["toy_before_2027_01"] * 5 + ["toy_default"]


def test_one_who_died_half_way_refuses_nobody_anything(toys: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(months, "LARGE", 0)
    put(toys, NOW)
    make(toys)
    later = NOW + timedelta(days=25)
    for _ in range(4):
        put(toys, later)
        later += timedelta(hours=1)
        assert make(toys, later)
    put(toys, NOW + timedelta(days=50))
    assert make(toys, later) == 0
    assert where(toys) == ["toy_before_2027_02"] * 6
