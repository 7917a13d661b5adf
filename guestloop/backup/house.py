"""The server that is backed up: how it is reached, whether it can be backed up, and by which programs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shared.database.dedicated_connection import Connection
from shared.embedded.programs import Programs, dies_with_parent, programs_for
from shared.errors import DatabaseUnavailable, GuestloopError, SettingError
from shared.settings.backups import BACKUP_DATABASE, BACKUP_PROGRAMS

CONNECT_WITHIN = 10
AS_TEXT = {"application_name": "guestloop backup", "client_encoding": "utf8"}
"""A database without an encoding (SQL_ASCII, as `postgres` may be beside ours) would answer in bytes."""
INCREMENTAL_SINCE = 17
STATE = """
    select current_setting('server_version_num')::int / 10000, current_setting('wal_level'),
           current_setting('max_wal_senders')::int,
           (select rolreplication or rolsuper from pg_roles where rolname = current_user),
           coalesce(current_setting('summarize_wal', true), 'off') = 'on',
           (select sum(pg_database_size(oid)) from pg_database
            where has_database_privilege(oid, 'connect') or pg_has_role('pg_read_all_stats', 'usage'))::bigint,
           current_setting('wal_segment_size'), (select system_identifier::text from pg_control_system())
"""
SEGMENT = "16MB"


class CannotBackUp(GuestloopError):
    """The server cannot be backed up as it is set."""


@dataclass(frozen=True)
class State:
    """`version`: the major one. `summarizes`: what changed since a backup can be told apart. `size`: bytes.
    `identifier`: what a server and its copies have in common, and no other has."""

    version: int
    summarizes: bool
    size: int
    identifier: str


@dataclass(frozen=True)
class House:
    """`dsn`: of a user who may replicate and read all, to any database of the server."""

    dsn: str = field(repr=False)  # it holds a password
    programs: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], of_home: str = "") -> House:
        """`of_home`: the server of this home, where no other is named. Raises `SettingError`."""
        dsn = BACKUP_DATABASE.read(environment) or of_home
        if not dsn:
            raise SettingError(f"{BACKUP_DATABASE.name} is not set: which server is to be backed up?")
        return cls(dsn, BACKUP_PROGRAMS.read(environment))

    @classmethod
    def nowhere(cls, environment: Mapping[str, str]) -> House:
        """Its programs alone: the server itself may be lost."""
        return cls("", BACKUP_PROGRAMS.read(environment))

    def connect(self, database: str = "", *, autocommit: bool = True) -> Connection:
        """Raises `DatabaseUnavailable`, saying where and why."""
        place = make_conninfo(self.dsn, **({"dbname": database} if database else {}), **AS_TEXT)
        try:
            return psycopg.connect(place, autocommit=autocommit, connect_timeout=CONNECT_WITHIN)
        except psycopg.OperationalError as error:
            raise DatabaseUnavailable(f"{self._where()} cannot be reached: {_first_line(error)}") from error

    def state(self) -> State:
        """Raises `CannotBackUp` with what must be set, `DatabaseUnavailable`."""
        with self.connect() as connection:
            row = connection.execute(STATE).fetchone()
        assert row is not None
        version, wal_level, senders, may_replicate, summarizes, size, segment, identifier = row
        if wal_level == "minimal" or senders < 2:
            raise CannotBackUp(
                f"{self._where()} keeps no log to back up by (wal_level is {wal_level}, max_wal_senders {senders}): "
                "set wal_level to replica and max_wal_senders to 4 or more, and start it again. A home does so by "
                "itself where GUESTLOOP_BACKUPS is set: end «guestloop up» and start it again."
            )
        if not may_replicate:
            user = conninfo_to_dict(self.dsn).get("user", "the user")
            raise CannotBackUp(f"{user} may not replicate: alter role {user} replication")
        if segment != SEGMENT:
            raise CannotBackUp(f"{self._where()} has segments of {segment}; only {SEGMENT} are known here.")
        self._fit(version)
        return State(version, summarizes and version >= INCREMENTAL_SINCE, size, identifier)

    def programs_here(self, owner_of: Path) -> Programs:
        """PostgreSQL's programs; a server runs as the owner of `owner_of` where we are root."""
        found = programs_for(owner_of)
        return Programs(self.programs, found.dropped_to) if self.programs else found

    def tool(
        self, name: str, arguments: Sequence[str], *, output: int | IO[bytes], errors: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        """One of PostgreSQL's clients, told this server without its password in sight. It ends with this thread."""
        told = {key: str(value) for key, value in conninfo_to_dict(self.dsn).items()}
        secret = {"PGPASSWORD": told.pop("password")} if "password" in told else {}
        place = make_conninfo("", **{**told, "application_name": "guestloop backup"})
        return subprocess.Popen(
            [str(self._binary(name)), "--dbname", place, "--no-password", *arguments],
            stdin=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", **secret},
            start_new_session=True,  # Ctrl-C reaches us alone
            preexec_fn=dies_with_parent(signal.SIGTERM),
            stdout=output,
            stderr=errors,
        )

    def offline(self, name: str, arguments: Sequence[str]) -> str:
        """Runs one of the tools that need no server; what it said where it failed, else nothing."""
        done = subprocess.run(
            [str(self._binary(name)), *arguments], capture_output=True, text=True, env={"LC_ALL": "C", "TZ": "UTC"}
        )
        return (
            ""
            if done.returncode == 0
            else (done.stderr.strip() or done.stdout.strip() or f"it ended with {done.returncode}")
        )

    def _binary(self, name: str) -> Path:
        return self.programs_here(Path.cwd()).folder / "bin" / name

    def _fit(self, version: int) -> None:
        """Raises `CannotBackUp` where the programs are of another version than the server."""
        said = subprocess.run([str(self._binary("postgres")), "--version"], capture_output=True, text=True).stdout
        found = re.search(r"(\d+)", said)
        if not found or int(found[1]) != version:
            raise CannotBackUp(
                f"{self._where()} is PostgreSQL {version}, and the programs here are of {found[1] if found else '?'}: "
                f"name those of {version} in {BACKUP_PROGRAMS.name}."
            )

    def _where(self) -> str:
        told = conninfo_to_dict(self.dsn)
        return f"the server {told.get('host', 'on this machine')}"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].strip()
