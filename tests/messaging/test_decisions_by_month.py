"""Decisions are kept by month, for two years after it; what became of a message stays for good, and so do figures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from services.messaging.channels.keeping import KeepingSender
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.queries.messages import Wanted, decided, decisions
from services.messaging.queries.present_state import all_deliveries, all_sender_days
from services.messaging.service import SERVICE
from shared.access.scope import Scope
from shared.database import months
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from shared.personal_data.retention.subjects import MonthsSubject, make_months, subjects_of
from tests.conftest import MakeDatabase
from tests.databases import on_server
from tests.messaging.ana import reached
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, lisbon
from tests.messaging.keeping import drop_all

DECISIONS = next(one for one in subjects_of(PERSONAL_DATA) if one.name == "decision")
NIGHT, SENT = MONDAY.replace(hour=22), [("sent", None)]
EVERYWHERE = Scope(everywhere=True)
A_DECISION = """
    insert into decision (message_id, at, state, language)
    select gen_random_uuid(), %s + n * interval '1 day', 'sent', 'en' from generate_series(1, %s) n
"""


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("messaging")


def with_months(database: Database, now: datetime) -> None:
    while True:
        with database.transaction() as tx:
            if not make_months(tx.connection, PERSONAL_DATA, now):
                return


def drop(database: Database, now: datetime) -> int:
    with database.transaction() as tx:
        return drop_all(DECISIONS, tx, now)


def waits_and_goes(hotel: Hotel) -> None:
    """One decision for the month; that it went is said by the message."""
    hotel.hears(lisbon(), reached(hotel), birthday(due_at=NIGHT))
    hotel.runs(NIGHT)
    hotel.runs(NIGHT + timedelta(hours=11))


@pytest.mark.parametrize("has_months", [True, False], ids=["months", "none was made"])
def test_two_years_after_their_month_they_go_and_the_message_stays(database: Database, has_months: bool) -> None:
    hotel = Hotel(database)
    if has_months:
        with_months(database, MONDAY)
    waits_and_goes(hotel)
    (message,) = hotel.all("select * from delivery")
    assert drop(database, datetime(MONDAY.year + 2, MONDAY.month, 30, tzinfo=UTC)) == 0
    assert drop(database, datetime(MONDAY.year + 2, MONDAY.month + 1, 1, tzinfo=UTC)) == 1
    assert hotel.outcomes() == SENT and hotel.all("select * from delivery") == [message]


def test_the_same_request_years_later_is_no_second_message(database: Database) -> None:
    hotel = Hotel(database)
    with_months(database, MONDAY)
    waits_and_goes(hotel)
    later = MONDAY + timedelta(days=1000)
    assert drop(database, later) == 1
    told = len(hotel.said())
    hotel.hears(birthday(due_at=NIGHT), at=later)
    hotel.runs(later)
    assert hotel.outcomes() == SENT and hotel.state_of(birthday()) == "sent" and len(hotel.said()) == told


def test_what_figures_are_made_of_outlives_texts_and_decisions(database: Database) -> None:
    """Sums by day are other services', of what messaging says of each message; all of it can be said once more."""
    hotel = Hotel(database, KeepingSender(database, Provider()))
    with_months(database, MONDAY)
    waits_and_goes(hotel)
    with database.transaction() as tx:
        tx.execute(
            """
            insert into receipt (message_id, version, channel, state, rank, happened_at, reported_at)
            select message_id, 1, channel, 'delivered', 1, changed_at, changed_at from delivery
            """
        )
    said = {}
    for now in (MONDAY, MONDAY + timedelta(days=1000)):
        with database.transaction() as tx:
            gone = [drop_all(one, tx, now) for one in subjects_of(PERSONAL_DATA) if isinstance(one, MonthsSubject)]
            said[sum(gone)] = [source(tx, None, 100).columns for source in (all_deliveries, all_sender_days)]
    assert said.keys() == {0, 2} and said[0] == said[2]
    assert len(said[2][0]["message_id"]) == 1


FAILED = """
    update delivery set state = 'failed', says_sent = null, request_version = 1, channels = '{email}', priority = 0,
        useful_until = due_at, wants = '{}', holdout = 0, "values" = '{}'
"""


def test_a_message_whose_decisions_lie_in_two_months_is_on_the_page_once(database: Database) -> None:
    hotel = Hotel(database)
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    with_months(database, MONDAY)
    with database.transaction() as tx:
        tx.execute(FAILED)
        for state, days in (("unknown", 0), ("failed", 40)):
            tx.execute(
                "insert into decision (message_id, at, state, language) select message_id, %s, %s, 'en' from delivery",
                [MONDAY + timedelta(days=days), state],
            )
        (line,) = decided(tx, Wanted(scope=EVERYWHERE))
        assert line.at == MONDAY + timedelta(days=40)
        assert [one.state for one in decisions(tx, line.message_id)] == ["unknown", "failed"]


@pytest.fixture
def installation(cluster: EmbeddedPostgres, tmp_path: Path) -> Iterator[str]:
    """One of before decisions were kept by month, with a year of them."""
    folder = tmp_path / "messaging" / "migrations"
    shutil.copytree(SERVICE.migrations, folder)
    for path in folder.glob("*.sql"):
        if path.name > "052":
            path.unlink()
    on_server(cluster, psycopg.sql.SQL("create database of_before"))
    dsn = cluster.admin_dsn("of_before")
    migrate(dsn, [SHARED_MIGRATIONS, folder], MONDAY)
    with psycopg.connect(dsn) as connection:
        connection.execute(A_DECISION, [MONDAY - timedelta(days=365), 365])
    yield dsn
    on_server(cluster, psycopg.sql.SQL("drop database of_before with (force)"))


def test_an_installation_is_upgraded_while_its_roles_write(installation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is copied: the table of before becomes a part, and what is written meanwhile is in it."""
    monkeypatch.setattr(months, "LARGE", 0)
    with psycopg.connect(installation, autocommit=True) as role:
        role.execute(A_DECISION, [MONDAY, 1], prepare=True)
        file = role.execute("select pg_relation_filenode('decision')").fetchone()
        applied = SERVICE.migrate(installation, MONDAY)
        assert applied[0] == "messaging/052_decisions_by_month.sql"
        role.execute(A_DECISION, [MONDAY, 60], prepare=True)
        found = role.execute("select tableoid::regclass::text, count(*) from decision group by 1").fetchall()
        assert sorted(found) == [("decision_2016_08", 5), ("decision_before_2016_08", 365 + 1 + 55)]
        assert role.execute("select pg_relation_filenode('decision_before_2016_08')").fetchone() == file
        numbers = role.execute("select count(*), count(distinct seq) from decision").fetchone()
        assert numbers == (426, 426)
        assert role.execute("select from pg_constraint where conname = %s", [months.ENDS]).fetchone() is None
