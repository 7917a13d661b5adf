"""A PgBouncer of the tests' own: transaction mode, few sessions, on 127.0.0.1 before a PostgreSQL of the tests."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shared.embedded.programs import dies_with_parent, programs_for
from tests.loopback import free_port, until

SERVER = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
WHY_NOT = "PgBouncer is not installed: deploy/install-pgbouncer installs it"
DESK = "desk"  # who asks the pooler itself

CONFIGURATION = """
    [databases]
    * = {place} connect_query='set jit to off'
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = {port}
    unix_socket_dir =
    auth_type = scram-sha-256
    auth_file = users
    stats_users = {desk}
    pool_mode = transaction
    default_pool_size = {sessions}
    max_client_conn = 500
    server_connect_timeout = 5
    server_login_retry = 0.2
    query_wait_timeout = 60
"""

BY_TLS = """client_tls_sslmode = require
client_tls_cert_file = {}
client_tls_key_file = {}
"""


class PgBouncer:
    """`dsns`: of the databases, one user each; all of one server. `sessions`: of the server, for each user and
    database, however many connections come. `tls`: certificate and key, without which nobody gets in then. Killed, it
    starts again at the same port."""

    def __init__(
        self, folder: Path, dsns: Iterable[str], *, sessions: int = 2, tls: tuple[Path, Path] | None = None
    ) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        places = [conninfo_to_dict(dsn) for dsn in dsns]
        users = {str(place["user"]): str(place["password"]) for place in places} | {DESK: DESK}
        place = " ".join(f"{name}={places[0][name]}" for name in ("host", "port") if name in places[0])
        told = CONFIGURATION.format(place=place, port=self.port, sessions=sessions, desk=DESK)
        told = dedent(told) + (BY_TLS.format(*(Path(shutil.copy(one, folder)).name for one in tls)) if tls else "")
        (folder / "pgbouncer.ini").write_text(told)
        (folder / "users").write_text("".join(f'"{user}" "{password}"\n' for user, password in users.items()))
        self._dropped_to = programs_for(folder).dropped_to  # it refuses to run as root
        for file in folder.iterdir():
            file.chmod(0o644)

    def dsn(self, direct: str) -> str:
        """The same database behind the pooler."""
        return make_conninfo(direct, host="127.0.0.1", port=self.port)

    def start(self) -> None:
        """Start and wait until it takes connections."""
        assert SERVER is not None, WHY_NOT
        who = self._dropped_to
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [SERVER, "--quiet", "pgbouncer.ini"],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                user=who.pw_uid if who else None,
                group=who.pw_gid if who else None,
                extra_groups=[] if who else None,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )
        until(self._answers)

    def kill(self) -> None:
        """SIGKILL: whoever was connected is so no longer."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def transactions(self) -> int:
        """How many went through it since its start."""
        return sum(row["total_xact_count"] for row in self.told("show stats"))

    def told(self, question: str) -> list[dict[str, Any]]:
        """What its own console answers."""
        place = make_conninfo(host="127.0.0.1", port=self.port, user=DESK, password=DESK, dbname="pgbouncer")
        with psycopg.ClientCursor(psycopg.connect(place, autocommit=True)) as cursor:
            rows = cursor.execute(question.encode()).fetchall()
            names = [column.name for column in cursor.description or ()]
            cursor.connection.close()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _answers(self) -> bool:
        assert self._process and self._process.poll() is None, (self._folder / "log").read_text()
        try:
            return bool(self.told("show version"))
        except psycopg.OperationalError:
            return False
