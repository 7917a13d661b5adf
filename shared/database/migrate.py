"""Migrates a database to the newest schema: numbered SQL files, each once, forward only (`migrating.py` says how).

What was applied is kept in `schema_migration` with a checksum, by folder (`shared`, `segments`, …). A second
run waits for the first (advisory lock). A schema that is newer than the code is left as it is, so that the old
code may run beside the new during a roll-out.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from shared.database.migrating import USUAL, Patience, apply, kind_of
from shared.errors import GuestloopError

LOCK = 7_305_513_212_093_441  # any number that nothing else locks
ASKED_EVERY = 0.1  # seconds, where another run is at it
FILE_NAME = re.compile(r"(\d{3})_[a-z0-9_]+\.sql")
SHARED_MIGRATIONS = Path(__file__).parents[1] / "migrations"

Connection = psycopg.Connection[tuple[Any, ...]]


class MigrationError(GuestloopError):
    """The migrations do not fit the database."""


@dataclass(frozen=True)
class Migration:
    folder: str  # the label it is recorded under
    number: int
    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def checksum(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def migrate(dsn: str, folders: Sequence[Path], at: datetime, patience: Patience = USUAL) -> list[str]:
    """Apply what is missing, folder after folder; the names of the files applied. Raises `MigrationError`."""
    with psycopg.connect(dsn, autocommit=True, application_name="guestloop migrate") as connection:
        return migrate_on(connection, folders, at, patience)


def migrate_on(connection: Connection, folders: Sequence[Path], at: datetime, patience: Patience = USUAL) -> list[str]:
    """The same on a connection of the caller's, within its transaction where one is open."""
    found = [migration for folder in folders for migration in migrations_in(folder)]
    _await_turn(connection)
    _make_record(connection)
    missing = _missing(found, _applied(connection))
    for migration in missing:
        _apply(connection, migration, at, patience)
    return [f"{migration.folder}/{migration.path.name}" for migration in missing]


def pending(dsn: str, folders: Sequence[Path]) -> list[str]:
    """The names of the files that `migrate` would apply. Raises `MigrationError`."""
    found = [migration for folder in folders for migration in migrations_in(folder)]
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute("select to_regclass('schema_migration')").fetchone()
        applied = _applied(connection) if row and row[0] else {}
        return [f"{migration.folder}/{migration.path.name}" for migration in _missing(found, applied)]


def migrations_in(folder: Path) -> list[Migration]:
    """A folder's files in order: 001, 002, … without a gap and without a twin. No folder, no migrations."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        if not (match := FILE_NAME.fullmatch(path.name)):
            raise MigrationError(f"{path.name} in {folder} is not named like 001_what_it_does.sql.")
        _know_kind(path)
        found.append(Migration(folder.parent.name, int(match[1]), path))
    for place, migration in enumerate(found, start=1):
        if migration.number < place:
            raise MigrationError(f"Two migrations in {folder} have the number {migration.number:03}.")
        if migration.number > place:
            raise MigrationError(f"The migrations in {folder} go from {place - 1:03} to {migration.number:03}.")
    return found


def _know_kind(path: Path) -> None:
    try:
        kind_of(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise MigrationError(f"{path.name} begins with a kind of migration that there is not: {error}.") from error


def _await_turn(connection: Connection) -> None:
    """The lock goes with the connection. It is asked for again and again: whoever stood waiting for it would be in a
    statement all the while, and an index that is made concurrently waits for all statements that began before."""
    while connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
        time.sleep(ASKED_EVERY)


def _make_record(connection: Connection) -> None:
    connection.execute(
        """
        create table if not exists schema_migration (
            folder text not null,
            number int not null,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null,
            primary key (folder, number)
        )
        """
    )


def _applied(connection: Connection) -> dict[tuple[str, int], str]:
    rows = connection.execute("select folder, number, checksum from schema_migration")
    return {(folder, number): checksum for folder, number, checksum in rows}


def _missing(found: list[Migration], applied: dict[tuple[str, int], str]) -> list[Migration]:
    for migration in found:
        if applied.get((migration.folder, migration.number), migration.checksum) != migration.checksum:
            raise MigrationError(
                f"{migration.path.name} of {migration.folder} was changed after it was applied: "
                "put it back as it was and write a new migration."
            )
    missing = [migration for migration in found if (migration.folder, migration.number) not in applied]
    for migration in missing:
        if later := [n for folder, n in applied if folder == migration.folder and n > migration.number]:
            raise MigrationError(
                f"{migration.path.name} of {migration.folder} was never applied though {min(later):03} was: "
                "give it a number after those applied."
            )
    return missing


def _apply(connection: Connection, migration: Migration, at: datetime, patience: Patience) -> None:
    name = f"{migration.folder}/{migration.path.name}"

    def note() -> None:
        connection.execute(
            "insert into schema_migration (folder, number, name, checksum, applied_at) values (%s, %s, %s, %s, %s)",
            [migration.folder, migration.number, migration.path.name, migration.checksum, at],
        )

    try:
        apply(connection, name, migration.text, note, patience)
    except psycopg.errors.LockNotAvailable as error:
        raise MigrationError(
            f"{migration.path.name} of {migration.folder} waited for others until its patience ended: {error}. "
            "Nothing is lost: run it again once whatever holds the table (a backup, a long report) has ended."
        ) from error
    except psycopg.Error as error:
        raise MigrationError(f"{migration.path.name} of {migration.folder} failed: {error}") from error
