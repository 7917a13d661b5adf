"""The audit trail is kept by month: nothing else changes for who writes, reads or would like to alter it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from services.console.commands.record_audit import record_audit
from services.console.personal_data import PERSONAL_DATA
from services.console.queries.audit import AuditQuery, actions, actors, entries
from services.console.service import SERVICE
from services.console.store import audit
from shared.database import months
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from shared.ids import make_id
from shared.personal_data.retention.subjects import make_months, subjects_of
from shared.personal_data.retention.terms import Terms
from tests.cast import ADA, ANA
from tests.conftest import MakeDatabase
from tests.databases import on_server
from tests.messaging.keeping import drop_all

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TRAIL = next(one for one in subjects_of(PERSONAL_DATA) if one.name == "audit_entry")
AN_ENTRY = """
    insert into audit_entry (audit_id, service, actor, action, subject, details, recorded_at)
    select md5(at::text)::uuid, 'segments', 'Ada', 'guest.viewed', 'guest ' || n, '{}', at
    from generate_series(1, %s) n, lateral (select %s::timestamptz + n * interval '1 day' as at) as days
    on conflict do nothing
"""


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("console")


def with_months(database: Database, now: datetime) -> None:
    while True:
        with database.transaction() as tx:
            if not make_months(tx.connection, PERSONAL_DATA, now):
                return


def parts(database: Database) -> dict[str, int]:
    with database.transaction() as tx:
        return dict(tx.execute("select tableoid::regclass::text, count(*) from audit_entry group by 1").fetchall())


def entry(at: datetime, **other: Any) -> dict[str, list[Any]]:
    told = {"service": "segments", "actor": "Ada", "action": "guest.viewed", "subject": f"guest {ANA}", **other}
    told |= {"details": json.dumps(other.get("details", {})), "role": None, "hotels": None, "recorded_at": at}
    return {"audit_id": [make_id("audit", at.isoformat())], **{name: [value] for name, value in told.items()}}


def test_an_entry_that_comes_again_is_one_in_months_and_in_what_was_there_before(database: Database) -> None:
    """Also where the months were made between the two."""
    with database.transaction() as tx:
        audit.add(tx, entry(NOW))
    with_months(database, NOW)
    for at in (NOW, NOW + 45 * DAY, NOW + 45 * DAY):
        with database.transaction() as tx:
            audit.add(tx, entry(at))
            record_audit(tx, ADA.name, "signed_in", "person", {}, NOW + 45 * DAY)
    assert parts(database) == {"audit_entry_before_2027_01": 1, "audit_entry_2027_01": 2}


def test_the_page_and_its_choices_are_of_all_months_newest_first(database: Database) -> None:
    with_months(database, NOW)
    days = [NOW + n * 20 * DAY for n in range(7)]
    with database.transaction() as tx:
        for n, at in enumerate(days):
            audit.add(tx, entry(at, actor=f"actor {n % 2}", action=f"action {n % 3}"))
    with database.transaction() as tx:
        shown = entries(tx, AuditQuery(), most=4)
        further = entries(tx, replace(AuditQuery(), before=(shown[-1].recorded_at, shown[-1].audit_id)))
        assert [one.recorded_at for one in (*shown, *further)] == days[::-1]
        assert actions(tx) == ["action 0", "action 1", "action 2"] and actors(tx) == ["actor 0", "actor 1"]
        one = entries(tx, AuditQuery(actor="actor 0", action="action 0", subjects=[f"guest {ANA}"], last=days[5]))
        assert [found.recorded_at for found in one] == [days[0]]
    assert len(parts(database)) > 3


@pytest.mark.parametrize(
    "statement",
    [
        "delete from audit_entry",
        "delete from audit_entry_2027_01",
        "update audit_entry set actor = 'nobody'",
        "update audit_entry_2027_01 set recorded_at = recorded_at + interval '1 month'",
        "with said as (select set_config('guestloop.dropped_before', '2027-01-31', true)) "
        "delete from audit_entry_2027_01 using said",  # younger than a year
    ],
)
def test_in_a_month_as_in_the_table_before_nobody_changes_an_entry(database: Database, statement: str) -> None:
    with_months(database, NOW)
    with database.transaction() as tx:
        audit.add(tx, entry(NOW + 45 * DAY))
    with pytest.raises(psycopg.errors.RaiseException, match="not changed"), database.transaction() as tx:
        tx.execute(statement)


def test_what_an_entry_says_of_an_erased_guest_goes_in_every_month(database: Database) -> None:
    with_months(database, NOW)
    with database.transaction() as tx:
        for at in (NOW, NOW + 45 * DAY):
            audit.add(tx, entry(at, details={"reservation": "A-1", "more": 1}))
        assert audit.forget(tx, [ANA]) == 2
        assert {one["more"] for (one,) in tx.execute("select details from audit_entry")} == {1}


@pytest.mark.parametrize("has_months", [True, False], ids=["months", "none was made"])
def test_entries_go_with_their_month_two_years_after_it(database: Database, has_months: bool) -> None:
    if has_months:
        with_months(database, NOW)
    with database.transaction() as tx:
        tx.execute(AN_ENTRY, [60, NOW])  # 2 December to 30 January
        tx.execute(AN_ENTRY, [1, NOW + 800 * DAY])  # the newest, a year later and more
    for now, left in ((datetime(2028, 12, 31, tzinfo=UTC), 61), (datetime(2029, 1, 1, tzinfo=UTC), 31)):
        with database.transaction() as tx:
            due = TRAIL.count(tx, Terms(), now)
            assert drop_all(TRAIL, tx, now) == due
        assert sum(parts(database).values()) == left


@pytest.fixture
def installation(cluster: EmbeddedPostgres, tmp_path: Path) -> Iterator[str]:
    """One of before the trail was kept by month, with a year of it."""
    folder = tmp_path / "console" / "migrations"
    shutil.copytree(SERVICE.migrations, folder)
    for path in folder.glob("*.sql"):
        if path.name > "031":
            path.unlink()
    on_server(cluster, psycopg.sql.SQL("create database of_before"))
    dsn = cluster.admin_dsn("of_before")
    migrate(dsn, [SHARED_MIGRATIONS, folder], NOW)
    with psycopg.connect(dsn) as connection:
        connection.execute(AN_ENTRY, [365, NOW - 365 * DAY])
    yield dsn
    on_server(cluster, psycopg.sql.SQL("drop database of_before with (force)"))


def test_an_installation_is_upgraded_while_its_roles_write(installation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is copied: the table of before becomes a part, and what is written meanwhile is in it, once."""
    monkeypatch.setattr(months, "LARGE", 0)
    with psycopg.connect(installation, autocommit=True) as role:
        role.execute(AN_ENTRY, [1, NOW], prepare=True)
        file = role.execute("select pg_relation_filenode('audit_entry')").fetchone()
        applied = SERVICE.migrate(installation, NOW)
        assert applied == [
            *("console/031_audit_by_number_and_instant.sql", "console/032_audit_by_month.sql"),
            "console/033_certificates_by_age.sql",
        ]
        for _ in range(2):
            role.execute(AN_ENTRY, [100, NOW], prepare=True)
        found = role.execute("select tableoid::regclass::text, count(*) from audit_entry group by 1").fetchall()
        assert sorted(found) == [
            *(("audit_entry_2027_02", 28), ("audit_entry_2027_03", 11), ("audit_entry_before_2027_02", 365 + 61))
        ]
        assert role.execute("select pg_relation_filenode('audit_entry_before_2027_02')").fetchone() == file
        assert role.execute("select from pg_constraint where conname = %s", [months.ENDS]).fetchone() is None
        with pytest.raises(psycopg.errors.RaiseException, match="not changed"):
            role.execute("delete from audit_entry_before_2027_02")
