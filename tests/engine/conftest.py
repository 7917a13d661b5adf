"""Two months of a small demo group, played once for all who look at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from guestloop.composition.services import Group, build_group, database_name, prepare_databases
from guestloop.demo.play import play_year
from guestloop.demo.rows import write_rows
from shared.clock import VirtualClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.embedded.home import throw_away_home
from shared.embedded.server import EmbeddedPostgres
from tests.databases import on_server

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(days=60)
END_SENDERS = """
    select pg_terminate_backend(pid, 60000) from pg_stat_activity
    where datname <> current_database() and backend_type = 'client backend'
"""
"""A world leaves their sessions open, and what is copied must have none."""


@dataclass(frozen=True)
class Played:
    """`group` as it was left, and `again`, the same in databases of its own."""

    export: Path
    group: Group
    again: Group
    reached: datetime


@pytest.fixture(scope="package")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    export = tmp_path_factory.mktemp("demo") / "reservations.csv"
    write_rows(export, NOW.date(), guests=600)
    with throw_away_home() as home, home.postgres() as server:
        keyring, clock = home.keyring(), VirtualClock(BEGAN)
        databases = prepare_databases(server, keyring, BEGAN)
        with closing(build_group(databases, clock, {})) as group:
            play_year(group, clock, export, NOW, 1, lambda _: None)
        with psycopg.connect(server.admin_dsn(), autocommit=True) as session:
            session.execute(END_SENDERS)
        first = {name: database.dsn for name, database in databases.items()}
        second = {name: _copied(server, name, dsn) for name, dsn in first.items()}
        one, other = (_group_on(dsns, keyring, clock.now()) for dsns in (first, second))
        with closing(one), closing(other):
            yield Played(export, one, other, clock.now())


def _copied(server: EmbeddedPostgres, service: str, dsn: str) -> str:
    name, copy = database_name(service), f"again_{service}"
    statement = sql.SQL("create database {} template {} owner {} strategy file_copy")
    on_server(server, statement.format(*map(sql.Identifier, (copy, name, name))))
    return make_conninfo(dsn, dbname=copy)


def _group_on(dsns: Mapping[str, str], keyring: KeyRing, at: datetime) -> Group:
    databases = {name: Database(dsn, service=name, keyring=keyring) for name, dsn in dsns.items()}
    return build_group(databases, VirtualClock(at), {})
