"""Brings a backup to a point of the write-ahead log, by a server of its own on a socket that nobody else reaches."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import RawIOBase
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from guestloop.backup.folder import BackupFolder, Note
from guestloop.backup.house import AS_TEXT, House
from guestloop.backup.manifest import CHECKSUMS, difference
from guestloop.backup.wal import InterruptedBackup, put_segments
from shared.crypto.streams import StreamKeys, opened
from shared.database.dedicated_connection import Connection
from shared.embedded.programs import Programs, copied_within_reach
from shared.errors import GuestloopError
from shared.private_files import keep_private, private_folder

CONFIG, HBA, LOG, SET_ASIDE = "guestloop.conf", "guestloop_hba.conf", "guestloop.log", "postgresql.auto.conf.aside"
SUPERUSER = "postgres"
NOT_YET = "FATAL:  the database system is"
"""Starting up, or not yet accepting connections: said to whoever asks too early."""
LOOK_EVERY = 0.1
TOLD_EVERY = 10.0
ENDS_WITHIN = 60.0
LINK_SINCE = 18
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
hba_file = '{hba}'
max_connections = 40
shared_buffers = '128MB'
hot_standby = off
archive_mode = off
restore_command = 'false'
{target}
recovery_target_timeline = '{timeline}'
timezone = 'UTC'
log_timezone = 'UTC'
log_error_verbosity = terse
log_min_error_statement = panic
fsync = {fsync}
max_wal_size = '2GB'
"""


class CannotRecover(GuestloopError):
    """No server starts from this backup."""


@dataclass
class Recovering:
    """Which backup, from where, and what is told meanwhile."""

    house: House
    folder: BackupFolder
    keys: StreamKeys
    tell: Callable[[str], None] = lambda _: None
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Target:
    """Where the log ends: at a named point, at an instant, or (neither) with its last record."""

    point: str = ""
    until: datetime | None = None

    @property
    def line(self) -> str:
        if self.point:
            return f"recovery_target_name = '{self.point}'\nrecovery_target_action = 'promote'"
        if self.until:
            return f"recovery_target_time = '{self.until.isoformat()}'\nrecovery_target_action = 'promote'"
        return ""


def unpack(recovering: Recovering, note: Note, data: Path) -> None:
    """The data folder of the server as the backup has it, each file held to the backup's own list of checksums.
    Raises `CannotOpenStream`, `CannotRecover`.
    """
    chain = recovering.folder.chain(note)
    parts = [data] if len(chain) == 1 else [data.with_name(f"{data.name}-{number}") for number in range(len(chain))]
    try:
        for one, part in zip(chain, parts, strict=True):
            recovering.tell(f"opening {one.name} ({one.bytes / 1e6:,.0f} MB sealed)")
            _open_base(recovering, one, part)
        if len(chain) > 1:
            recovering.tell(f"putting {len(chain)} backups together")
            _run(recovering, "pg_combinebackup", [*_by_links(note), CHECKSUMS, "--output", str(data), *map(str, parts)])
            data.chmod(0o700)
    finally:
        for part in parts[: len(parts) if len(chain) > 1 else 0]:
            shutil.rmtree(part, ignore_errors=True)
    recovering.tell("comparing checksums")
    if wrong := difference(data):
        raise CannotRecover(f"the backup is damaged: {wrong}")


def _by_links(note: Note) -> list[str]:
    return ["--link"] if note.version >= LINK_SINCE else []


def _run(recovering: Recovering, program: str, arguments: Sequence[str]) -> None:
    if said := recovering.house.offline(program, arguments):
        raise CannotRecover(f"{program}: {said.splitlines()[0]}")


def _open_base(recovering: Recovering, note: Note, target: Path) -> None:
    private_folder(target)
    with (recovering.folder.path / note.name / "base").open("rb") as file:
        pieces = opened(file, recovering.keys, f"{note.name}/base")
        with tarfile.open(fileobj=_Pieces(pieces, recovering.stop), mode="r|", bufsize=1 << 18) as tar:
            tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.2, Debian's, has none yet
            tar.extractall(target)
        for _ in pieces:  # to the end, which proves that it is whole
            pass
    for each in (target, *(path for path in target.rglob("*") if path.is_dir())):
        each.chmod(0o700)


class _Pieces(RawIOBase):
    """Pieces as a file that is read from its beginning to its end."""

    def __init__(self, pieces: Iterator[bytes], stop: threading.Event) -> None:
        self._pieces, self._stop, self._left = pieces, stop, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._stop.is_set():
            raise InterruptedBackup()
        while len(self._left) < size:
            if (piece := next(self._pieces, None)) is None:
                break
            self._left += piece
        found, self._left = self._left[:size], self._left[size:]
        return found


@contextmanager
def recovered(
    recovering: Recovering, data: Path, segments: Sequence[str], target: Target, *, timeline: str, durable: bool
) -> Iterator[Callable[[str], Connection]]:
    """The server of `data`, once it has come to the target; gives how to connect to a database of it. It has ended in
    order when the block has. Raises `CannotRecover` with the server's last words.
    """
    put_segments(segments, recovering.folder, recovering.keys, data / "pg_wal")
    programs = recovering.house.programs_here(data.parent)
    with tempfile.TemporaryDirectory(prefix="guestloop-") as run:
        programs.own(Path(run))
        programs = copied_within_reach(programs, Path(run))
        socket = Path(run) / "socket"
        private_folder(socket)
        _configure(data, programs.data_name(data), socket, target, timeline, durable)
        programs.own(socket, data, *data.rglob("*"))
        process = _start(programs, data)
        try:
            _wait(recovering, process, data, socket)
            yield lambda database: _connect(socket, database)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    _tidy(data)


def _configure(data: Path, seen_as: str, socket: Path, target: Target, timeline: str, durable: bool) -> None:
    (data / "recovery.signal").touch(mode=0o600)
    if (settings := data / "postgresql.auto.conf").exists():
        settings.rename(data / SET_ASIDE)  # it may name another's archive
    keep_private(data / HBA, b"local all all trust\n")
    text = SETTINGS.format(
        socket=socket, hba=f"{seen_as}/{HBA}", target=target.line, timeline=timeline, fsync="on" if durable else "off"
    )
    keep_private(data / CONFIG, text.encode())


def _start(programs: Programs, data: Path) -> subprocess.Popen[bytes]:
    keep_private(data / LOG, b"")
    programs.own(data / LOG)
    with (data / LOG).open("ab") as log:
        told = ["-D", programs.data_name(data), "-c", f"config_file={programs.data_name(data)}/{CONFIG}"]
        return programs.start("postgres", told, inside=data, output=log)


def _wait(recovering: Recovering, process: subprocess.Popen[bytes], data: Path, socket: Path) -> None:
    began = told = time.monotonic()
    while process.poll() is None:
        try:
            _connect(socket, "postgres").close()
            return
        except psycopg.OperationalError:
            if recovering.stop.wait(LOOK_EVERY):
                raise InterruptedBackup() from None
        if time.monotonic() - told > TOLD_EVERY:
            told = time.monotonic()
            recovering.tell(f"replaying the write-ahead log: {told - began:,.0f} s. {_last_words(data)}")
    raise CannotRecover(f"no server starts from this backup: {_last_words(data)}")


def _connect(socket: Path, database: str) -> Connection:
    place = make_conninfo("", host=str(socket), user=SUPERUSER, dbname=database, **AS_TEXT)
    return psycopg.connect(place, autocommit=True, connect_timeout=5)


def _last_words(data: Path) -> str:
    lines = (data / LOG).read_text(errors="replace").splitlines()
    wrong = [line for line in lines if ("FATAL" in line or "PANIC" in line) and NOT_YET not in line]
    return (wrong[:1] or lines[-1:] or [""])[0].strip()


def _tidy(data: Path) -> None:
    """As a server of its own finds it."""
    for name in (CONFIG, HBA, LOG):
        (data / name).unlink(missing_ok=True)
    if (aside := data / SET_ASIDE).exists():
        aside.replace(data / "postgresql.auto.conf")
