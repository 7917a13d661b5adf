"""The ground the other tests stand on."""

from __future__ import annotations

from tests.conftest import MakeDatabase


def test_each_test_database_is_its_own(make_database: MakeDatabase) -> None:
    first, second = make_database("console"), make_database("console")
    with first.transaction() as tx:
        tx.execute("create table only_here (id int)")
    with second.transaction() as tx:
        assert tx.execute("select to_regclass('only_here')").fetchone() == (None,)


def test_a_database_speaks_utc_and_carries_the_migrations_record(make_database: MakeDatabase) -> None:
    with make_database("console").transaction() as tx:
        assert tx.execute("show timezone").fetchone() == ("UTC",)
        assert tx.execute("select to_regclass('schema_migration') is not null").fetchone() == (True,)
