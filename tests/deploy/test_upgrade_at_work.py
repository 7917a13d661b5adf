"""Roles of today send, answer and show on the schema of tomorrow, as they must while they are renewed one by one.

What a schema may gain is known (`tests/ground/migration_rules.py`): tables, indexes, columns that may be empty or have
a constant. So two hotels are played on databases whose every table has gained two columns: guests come, mails go and
are answered, colleagues work, and every page opens. `test_upgrade.py` does the same to imports and the command line.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from shared.database.pool import Database
from tests.access.knocking import Visitor
from tests.access.routes import routes
from tests.access.world import House, two_hotels
from tests.cast import ADA
from tests.databases import Lending

TABLES = """
    select relname from pg_class
    where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace
"""
GAINED = "alter table {} add column of_the_next text, add column counted_next int not null default 0"


@pytest.fixture(scope="module")
def house(lending: Lending, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with lending.of_one_test() as make:

        def widened(name: str) -> Database:
            database = make(name)
            widen(database.dsn)
            return database

        yield from two_hotels(widened, tmp_path_factory.mktemp("house"))


def widen(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            connection.execute(sql.SQL(GAINED).format(sql.Identifier(table)))


def test_messages_go_and_every_service_hears_of_them(house: House) -> None:
    with house.databases["messaging"].transaction() as tx:
        states = tx.execute("select state, count(*) from delivery group by state order by state").fetchall()
    assert states == [("sent", 3), ("unknown", 1)], "the birthday's outcome is unclear, for the pages"
    for name, seen in {"segments": "message_known", "feedback": "message_known", "console": "message_seen"}.items():
        with house.databases[name].transaction() as tx:
            assert tx.execute(f"select count(*) > 2 from {seen}".encode()).fetchone() == (True,), name  # type: ignore[arg-type]


def test_nothing_was_set_aside_but_what_was_planted(house: House) -> None:
    for name, database in house.databases.items():
        with database.transaction() as tx:
            letters = tx.execute("select type, reason from dead_letter where reason <> 'KeyError: x'").fetchall()
            aside = tx.execute("select role, reason from set_aside").fetchall()
        assert (letters, aside) == ([], []), name


def test_every_page_opens(house: House) -> None:
    every = {name: Visitor(app, ADA) for name, app in house.apps.items()}
    asked = [(one, address) for one in routes(house) if "GET" in one.methods for address in one.addresses(house)]
    broken = [address for one, address in asked if every[one.service].client.get(address).status_code >= 500]
    assert len(asked) > 100 and broken == []
