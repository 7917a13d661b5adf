"""A streaming standby of the tests' own: a copy of an embedded PostgreSQL that follows it, and can be read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from shared.embedded.passwords import Passwords
from shared.embedded.programs import Programs
from shared.embedded.server import EmbeddedPostgres
from tests.loopback import until

QUICK = {"wal_retrieve_retry_interval": "100ms"}  # a primary that is back is found soon


class Standby(EmbeddedPostgres):
    """A standby of `primary`, which runs and was made with `archived=True`; users and passwords are the primary's.

    `told`: settings of this standby alone, as `{"max_standby_streaming_delay": "0"}`. The first start copies; killed or
    stopped, it starts again at the same address and catches up.
    """

    def __init__(self, folder: Path, primary: EmbeddedPostgres, told: Mapping[str, str] | None = None) -> None:
        super().__init__(folder, durable=primary.durable, archived=True)
        self._primary, self._told = primary, {**QUICK, **(told or {})}
        self._place = Path(tempfile.mkdtemp(prefix="guestloop-standby-"))  # the same after another start

    def __enter__(self) -> Standby:
        self.start()
        return self

    def __exit__(self, *told: Any) -> None:
        super().__exit__(*told)
        shutil.rmtree(self._place, ignore_errors=True)

    def kill(self) -> None:
        """SIGKILL: whoever was connected is so no longer."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()
        self.stop()

    def pause(self) -> None:
        """From now on it receives, and shows nothing of it."""
        self.asks("select pg_wal_replay_pause()")
        until(lambda: self.asks("select pg_get_wal_replay_pause_state()") == "paused")

    def resume(self) -> None:
        self.asks("select pg_wal_replay_resume()")

    def catches_up(self) -> None:
        """Wait until it shows all that the primary has written by now."""
        with psycopg.connect(self._primary.admin_dsn(), autocommit=True) as connection:
            row = connection.execute("select pg_current_wal_insert_lsn()::text").fetchone()
        assert row is not None
        until(lambda: self.asks("select pg_last_wal_replay_lsn() >= %s::pg_lsn", row[0]))

    def asks(self, query: str, *values: Any) -> Any:
        """The first value of what the superuser is answered here; None where there is none."""
        with psycopg.connect(self.admin_dsn(), autocommit=True) as connection:
            row = connection.execute(query.encode(), values).fetchone()
        return row[0] if row else None

    def _socket_folder(self, programs: Programs) -> Path:
        programs.own(self._place)
        return self._place

    def _make_cluster(self, programs: Programs) -> None:
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        programs.own(new)
        told = ["--pgdata", programs.data_name(new), "--dbname", self._primary.admin_dsn(), "--write-recovery-conf"]
        with self._log.open("ab") as log:
            copying = [*told, "--checkpoint=fast", "--no-sync"]
            assert programs.start("pg_basebackup", copying, inside=new, output=log).wait() == 0, self._last_words()
        with (new / "postgresql.auto.conf").open("a") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in self._told.items())
        passwords = self.folder / "passwords.json"
        shutil.copy(self._primary.folder / "passwords.json", passwords)
        self._passwords = Passwords(passwords, programs.own)
        new.rename(self._data)
