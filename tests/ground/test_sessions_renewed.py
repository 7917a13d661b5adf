"""A session of the database keeps what it was asked often, for an hour."""

from __future__ import annotations

from contextlib import closing

import pytest

from shared.database import pool
from shared.database.pool import Database
from tests.conftest import MakeDatabase

PLANS = "select count(*) from pg_prepared_statements where statement like '%often asked%'"


@pytest.mark.parametrize(("lives", "plans"), [(pool.RENEWED_AFTER, 1), (0.0, 0)])
def test_a_session_keeps_its_plans_until_it_is_renewed(
    lives: float, plans: int, make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_database("console")
    monkeypatch.setattr(pool, "RENEWED_AFTER", lives)
    with closing(Database(made.dsn, service="console", keyring=made.keyring, most=1)) as database:
        for number in range(10):
            with database.transaction() as tx:
                tx.execute("select %s::int /* often asked */", [number])
        with database.transaction() as tx:
            assert tx.execute(PLANS).fetchone() == (plans,)
