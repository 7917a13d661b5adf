"""The schema goes before the code: roles of today work on the schema of tomorrow."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from psycopg import sql

from guestloop.composition.services import SERVICES
from guestloop.generated.export import write_export
from guestloop.operations.connect import connect
from shared.clock import SystemClock
from tests.command_line import guestloop

ROWS = 150
TABLES = """
    select relname from pg_class
    where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace
      and relname <> 'schema_migration'
"""
RECORD = "insert into schema_migration values (%s, 999, '999_tomorrow.sql', 'unknown to this code', %s)"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small installation whose every table has a column more than this code knows."""
    tmp_path = tmp_path_factory.mktemp("tomorrow")
    assert guestloop(tmp_path, "import", str(write(tmp_path / "few.csv", 20))).returncode == 0
    with connect({**os.environ, "GUESTLOOP_HOME": str(tmp_path / "home")}, SystemClock()) as installation:
        for service in SERVICES:
            with installation.group.database(service).transaction() as tx:
                for (table,) in tx.execute(TABLES).fetchall():
                    tx.execute(sql.SQL("alter table {} add of_tomorrow text").format(sql.Identifier(table)))
                tx.execute(RECORD, [service, SystemClock().now()])
    return tmp_path / "home"


def write(path: Path, rows: int) -> Path:
    write_export(path, rows=rows)
    return path


def test_todays_code_works_on_tomorrows_schema(home: Path, tmp_path: Path) -> None:
    done = guestloop(home.parent, "import", str(write(tmp_path / "many.csv", ROWS)))
    assert done.returncode == 0, done.stderr
    status = json.loads(guestloop(home.parent, "status", "--json").stdout)
    assert status["segments"]["stays"] >= ROWS
    assert [found["dead letters"] for found in status.values()] == [0] * len(SERVICES)
    assert [found["to send"] + found["to hear"] for found in status.values()] == [0] * len(SERVICES)


def test_todays_code_reads_everything_of_tomorrows_schema(home: Path, tmp_path: Path) -> None:
    for command in (["republish"], ["export", str(tmp_path / "out")], ["check"]):
        done = guestloop(home.parent, *command)
        assert done.returncode == 0, done.stderr or done.stdout
    status = json.loads(guestloop(home.parent, "status", "--json").stdout)
    assert [found["dead letters"] for found in status.values()] == [0] * len(SERVICES)
