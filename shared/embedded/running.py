"""An embedded PostgreSQL that another process runs: how to reach it."""

from __future__ import annotations

from pathlib import Path

from psycopg.conninfo import make_conninfo

from shared.embedded.passwords import Passwords
from shared.embedded.server import SUPERUSER
from shared.errors import GuestloopError

SOCKET_LINE = 4  # of postmaster.pid, from 0: the folder of the socket


class NotRunning(GuestloopError):
    """No database runs in this home."""


class RunningPostgres:
    """The server of `folder`, which somebody else started and will stop."""

    def __init__(self, folder: Path) -> None:
        try:
            self._socket = (folder / "data" / "postmaster.pid").read_text().splitlines()[SOCKET_LINE]
        except (OSError, IndexError) as error:
            raise NotRunning() from error
        self._passwords = Passwords(folder / "passwords.json", lambda _: None)

    def admin_dsn(self) -> str:
        """Of the superuser, who may back it up."""
        password = self._passwords.of(SUPERUSER)
        return make_conninfo(host=self._socket, user=SUPERUSER, password=password, dbname="postgres")

    def dsn(self, database: str) -> str:
        return make_conninfo(host=self._socket, user=database, password=self._passwords.of(database), dbname=database)
