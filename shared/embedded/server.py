"""A PostgreSQL of our own, run from the wheel's programs as a child of the caller.

It listens on a Unix socket in a closed folder and nowhere else, asks for generated passwords, and knows one role a
database beside the superuser that sets it up. What may have happened before is put right at the start: a supervisor
that was killed (the kernel stops its server; we wait for it), a first start that was interrupted (the
cluster is made beside its place and renamed). What cannot be put right is one sentence.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from shared.embedded.lockfile import LockFile
from shared.embedded.orphan import stop_orphan
from shared.embedded.passwords import Passwords
from shared.embedded.programs import Programs, copied_within_reach, programs_for
from shared.embedded.settings import settings
from shared.errors import GuestloopError

SOCKET_ROOM = 107 - len("/.s.PGSQL.5432.lock")
SUPERUSER = "postgres"

Progress = Callable[[str], None]


class CannotStart(GuestloopError):
    """The embedded PostgreSQL did not start; its log file says why."""


class EmbeddedPostgres:
    """The server in `folder`. `durable=False` is for homes that are thrown away: nothing waits for the disk.
    `archived`: it can be backed up while it runs.

    Use it as a context manager, in a thread that lives as long as the server shall.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = True,
        archived: bool = False,
        start_within: float = 60.0,
        stop_within: float = 30.0,
        progress: Progress = lambda _: None,
    ) -> None:
        self.folder, self.durable, self.archived = folder.absolute(), durable, archived
        self._start_within, self._stop_within, self._progress = start_within, stop_within, progress
        self._data, self._log = self.folder / "data", self.folder / "postgres.log"
        self._server: subprocess.Popen[bytes] | None = None
        self._run: Path | None = None
        self._lock = LockFile(self.folder / "lock")

    # starting and stopping

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        self._open_folder()
        try:
            self._lock.take(f"The database in {self.folder} is in use")
            self._start_locked()
        except OSError as error:
            self.stop()
            raise CannotStart(f"The database in {self.folder} cannot start: {error}.") from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop in order, by force once the deadline has passed. Harmless where nothing runs."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            try:
                self._server.wait(self._stop_within)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None
        if self._run is not None:
            shutil.rmtree(self._run, ignore_errors=True)
            self._run = None
        self._lock.release()

    @property
    def is_running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    @property
    def pid(self) -> int | None:
        return self._server.pid if self._server else None

    # what callers ask for

    def dsn(self, database: str) -> str:
        """Of a database and its own role, as `create_databases` made them."""
        return self._dsn(database, user=database)

    def admin_dsn(self, database: str = "postgres") -> str:
        """Of the superuser, for set-up only."""
        return self._dsn(database, user=SUPERUSER)

    def create_databases(self, names: Sequence[str]) -> None:
        """A database and a role of the same name for each; what is there already stays."""
        with psycopg.connect(self.admin_dsn(), autocommit=True) as connection:
            there = {name for (name,) in connection.execute("select datname from pg_database")}
            roles = {name for (name,) in connection.execute("select rolname from pg_roles")}
            for name in names:
                word = sql.Literal(self._passwords.of(name))
                verb = sql.SQL("alter" if name in roles else "create")
                who = sql.Identifier(name)
                connection.execute(sql.SQL("{} role {} login password {}").format(verb, who, word))
                if name not in there:
                    connection.execute(sql.SQL("create database {} owner {}").format(who, who))
                connection.execute(sql.SQL("revoke all on database {} from public").format(who))

    def _dsn(self, database: str, *, user: str) -> str:
        password = self._passwords.of(user)
        return make_conninfo(host=str(self._socket), user=user, password=password, dbname=database)

    # the steps of a start

    def _open_folder(self) -> None:
        try:
            if not self.folder.exists():
                self.folder.mkdir(mode=0o700, parents=True)
                if os.geteuid() == 0:  # the home's owner gets it, who may come back without being root
                    os.chown(self.folder, self.folder.parent.stat().st_uid, -1)
        except OSError as error:
            raise CannotStart(f"The folder {self.folder} cannot be made: {error.strerror}.") from error
        owner = self.folder.stat().st_uid
        if os.geteuid() not in (0, owner) or not os.access(self.folder, os.W_OK | os.X_OK):
            raise CannotStart(
                f"The folder {self.folder} belongs to somebody else (user {owner}): start Guestloop as that user, "
                "or name a folder of your own in GUESTLOOP_HOME."
            )

    def _start_locked(self) -> None:
        deadline = time.monotonic() + self._start_within
        programs = programs_for(self._data if self._data.exists() else self.folder)
        self.folder.chmod(0o700)
        programs.own(self.folder, self._lock.path)
        self._run = self._run_folder(programs)
        programs = copied_within_reach(programs, self._run)
        self._socket = self._socket_folder(programs)
        self._passwords = Passwords(self.folder / "passwords.json", programs.own)
        stop_orphan(self._data, within=self._stop_within)
        if not self._data.exists():
            self._progress("making the database (a few seconds, once)")
            self._make_cluster(programs)
        self._progress("starting the database")
        self._spawn(programs)
        self._wait_until_ready(deadline)

    def _run_folder(self, programs: Programs) -> Path:
        """A short-lived folder within everybody's reach; the one that a killed run left behind goes."""
        note = self.folder / "run"
        if note.exists() and (left := Path(note.read_text())).name.startswith("guestloop-"):
            shutil.rmtree(left, ignore_errors=True)
        places = [place for place in (tempfile.gettempdir(), "/tmp") if programs.can_access(Path(place) / "any")]
        run = Path(tempfile.mkdtemp(prefix="guestloop-", dir=next(iter(places), None)))
        note.write_text(str(run))
        programs.own(note, run)
        return run

    def _socket_folder(self, programs: Programs) -> Path:
        """In the home; where its path is too long for a socket or closed to the server, in the run folder."""
        assert self._run is not None
        socket = self.folder / "socket"
        if len(os.fsencode(socket)) > SOCKET_ROOM or not programs.can_access(socket):
            socket = self._run / "socket"
        socket.mkdir(mode=0o700, exist_ok=True)
        programs.own(socket)
        return socket

    def _make_cluster(self, programs: Programs) -> None:
        for left in self.folder.glob("data.new*"):  # half-written: an earlier first start was interrupted
            shutil.rmtree(left, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix="data.new", dir=self.folder))
        programs.own(new)
        word = self._socket / "password"
        word.touch(mode=0o600)
        word.write_text(self._passwords.of(SUPERUSER))
        programs.own(word)
        arguments = ["-D", programs.data_name(new), "-U", SUPERUSER, f"--pwfile={word}", "--auth=scram-sha-256"]
        arguments += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        arguments += [] if self.durable else ["--no-sync"]
        try:
            with self._log.open("ab") as log:
                code = programs.start("initdb", arguments, inside=new, output=log).wait()
        finally:
            word.unlink()
        if code:
            raise CannotStart(f"The database could not be made in {self.folder}: {self._last_words()}")
        new.rename(self._data)

    def _spawn(self, programs: Programs) -> None:
        if self._log.exists() and self._log.stat().st_size > 10_000_000:
            self._log.replace(self._log.with_suffix(".log.1"))
        with self._log.open("ab") as log:
            programs.own(self._log)
            arguments = ["-D", programs.data_name(self._data)]
            for name, value in settings(self._socket, durable=self.durable, archived=self.archived).items():
                arguments += ["-c", f"{name}={value}"]
            self._server = programs.start("postgres", arguments, inside=self._data, output=log)

    def _wait_until_ready(self, deadline: float) -> None:
        assert self._server is not None
        while self._server.poll() is None:
            try:
                psycopg.connect(self.admin_dsn(), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise CannotStart(
                        f"The database in {self.folder} was not ready within {self._start_within:.0f} s; "
                        f"its log {self._log} says: {self._last_words()}"
                    ) from None
                time.sleep(0.02)
        self._server = None
        raise CannotStart(f"The database in {self.folder} did not start: {self._last_words()} (log: {self._log})")

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        errors = [line for line in lines[-30:] if "FATAL" in line or "PANIC" in line or "error" in line.lower()]
        return (errors or lines or ["nothing"])[-1].strip()
