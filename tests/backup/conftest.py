"""A server that can be backed up, with two databases of a hotel, and a folder for its backups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from guestloop.backup.check import verify
from guestloop.backup.folder import BackupFolder, Note
from guestloop.backup.house import House
from guestloop.backup.recover import Recovering
from guestloop.backup.take import Taking, take
from shared.clock import VirtualClock
from shared.crypto.streams import StreamKeys
from shared.embedded.server import EmbeddedPostgres

KEYS = StreamKeys.parse(StreamKeys.fresh("backup.1"))
DATABASES = ("guestloop_segments", "guestloop_messaging")


@dataclass
class Backups:
    """One house, its folder, and what was said on the way."""

    server: EmbeddedPostgres
    folder: BackupFolder
    clock: VirtualClock
    said: list[str]

    @property
    def house(self) -> House:
        return House(self.server.admin_dsn())

    @property
    def taking(self) -> Taking:
        return Taking(self.house, self.folder, KEYS, self.clock, self.said.append)

    @property
    def recovering(self) -> Recovering:
        return Recovering(self.house, self.folder, KEYS, self.said.append)

    def takes(self, *, full: bool = False) -> Note:
        """Verified, a day later each."""
        note = take(self.taking, full=full)
        self.clock.advance_to(self.clock.now() + timedelta(days=1))
        return verify(self.recovering, note, self.clock.now())

    def asks(self, database: str, query: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.server.admin_dsn(database), autocommit=True) as connection:
            cursor = connection.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def stay(self, rows: int = 1) -> None:
        """So many guests more."""
        made = "insert into guest (name) select 'guest ' || n from generate_series(1, %s) n"
        self.asks("guestloop_segments", made, rows)


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    place = tmp_path_factory.mktemp("house") / "postgres"
    with EmbeddedPostgres(place, durable=False, archived=True) as server:
        server.create_databases(DATABASES)
        yield server


@pytest.fixture
def backups(archived: EmbeddedPostgres, tmp_path: Path) -> Iterator[Backups]:
    found = Backups(archived, BackupFolder(tmp_path / "backups"), VirtualClock(datetime.now(UTC)), [])
    for database in DATABASES:
        found.asks(database, "drop table if exists guest")
        found.asks(database, "create table guest (id bigint generated always as identity, name text)")
    found.stay(1000)
    yield found
    found.asks("postgres", "select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active")
