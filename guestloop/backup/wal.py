"""The write-ahead log: received as it is written, sealed segment by segment.

`pg_receivewal` takes it by a replication slot: the server keeps what has not arrived, so a receiver that was away goes
on where it ended. A segment of 16 MB is sealed once it is full, and its open form is removed after the sealed one has
reached the disc; a death between the two seals it again. A slot that the server gave up (`max_slot_wal_keep_size`), or
one that is new, begins a new stretch: instants in the gap cannot be restored, and the next backup is due at once.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from guestloop.backup.folder import PART, BackupFolder, reach_disc
from guestloop.backup.house import House
from shared.crypto.streams import StreamKeys, open_all, seal_all
from shared.database.dedicated_connection import Connection
from shared.errors import GuestloopError
from shared.private_files import private_folder, write_private_bytes

SLOT, SLOT_OF_A_COMMAND = "guestloop_backup", "guestloop_backup_once"
SEGMENT, HISTORY = re.compile(r"[0-9A-F]{24}"), re.compile(r"[0-9A-F]{8}\.history")
BEING_WRITTEN = ".partial"
SEGMENTS_OF_A_LOG = 256
ARRIVES_WITHIN = 120.0  # seconds without a new segment
ENDS_WITHIN = 10.0
LOOK_EVERY = 0.1
STATUS = "select wal_status from pg_replication_slots where slot_name = %s"

Pump = Callable[[], int]
"""Seals what has arrived; how many segments."""

log = structlog.get_logger()


class LogStands(GuestloopError):
    """The write-ahead log does not arrive."""


class Gap(GuestloopError):
    """The write-ahead log is not whole between the backup and what is asked for."""


class Receiver:
    """`pg_receivewal` as a child. `once`: for one backup, after which the server keeps nothing for it.
    `is_new_stretch`: the slot was made by this receiver.
    """

    def __init__(self, house: House, folder: BackupFolder, keys: StreamKeys, *, once: bool = False) -> None:
        self._house, self._folder, self._keys = house, folder, keys
        self._slot = SLOT_OF_A_COMMAND if once else SLOT
        self._place = folder.path / f"once{PART}" if once else folder.incoming
        self._process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        self.is_new_stretch = False

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Raises `DatabaseUnavailable`, `Conflict` where the folder is another server's."""
        self._folder.is_of(self._house.state().identifier)
        self.is_new_stretch = self._open_slot() or self.is_new_stretch
        private_folder(self._place, exist_ok=True)
        told = ["--directory", str(self._place), f"--slot={self._slot}", "--synchronous", "--no-loop"]
        self._said.truncate(0)
        self._process = self._house.tool("pg_receivewal", told, output=self._said, errors=self._said)

    def pump(self) -> int:
        """Seals what is full. Raises `LogStands` where the receiver has ended."""
        done = self._seal()
        if not self.is_running:
            raise LogStands(f"the write-ahead log is not received: {self._last_words()}")
        return done

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def drop_slot(self) -> None:
        """The server keeps nothing for this receiver any more."""
        with self._house.connect() as connection:
            self._drop(connection)
        shutil.rmtree(self._place, ignore_errors=True)

    def _drop(self, connection: Connection) -> None:
        connection.execute("select pg_drop_replication_slot(%s)", [self._slot])

    def _open_slot(self) -> bool:
        with self._house.connect() as connection:
            row = connection.execute(STATUS, [self._slot]).fetchone()
            is_left = row is not None and self._slot == SLOT_OF_A_COMMAND  # by a command that was killed
            is_lost = row is not None and row[0] == "lost"
            if is_lost:
                log.error("the server gave up what it kept for the backup: a new stretch begins", slot=self._slot)
            if is_lost or is_left:
                self._drop(connection)
            if is_new := row is None or is_lost or is_left:
                self._end_stretch()
                connection.execute("select pg_create_physical_replication_slot(%s, true)", [self._slot])
        return is_new

    def _end_stretch(self) -> None:
        """What was received before belongs to another log: it is kept as it is, and nothing goes on from it."""
        for file in sorted(self._place.glob(f"*{BEING_WRITTEN}")):
            file.rename(file.with_suffix(""))
        self._seal()

    def _seal(self) -> int:
        done = 0
        for file in sorted(self._place.iterdir()) if self._place.exists() else ():
            if SEGMENT.fullmatch(file.name) or HISTORY.fullmatch(file.name):
                try:
                    seal_segment(file, self._folder, self._keys)
                except OSError as error:
                    raise self._folder.full(error) from error
                done += 1
        return done

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "pg_receivewal has ended"


def seal_segment(file: Path, folder: BackupFolder, keys: StreamKeys) -> None:
    half = folder.wal / f"{file.name}{PART}"
    try:
        with write_private_bytes(half) as out, file.open("rb") as plain:
            seal_all(plain, out, keys, f"wal/{file.name}")
        reach_disc(half)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    half.rename(folder.wal / file.name)
    reach_disc(folder.wal)
    file.unlink()


@contextmanager
def receiving(house: House, folder: BackupFolder, keys: StreamKeys) -> Iterator[Pump]:
    """The log arrives within the block: by the role where it is at work, else by a receiver of this block."""
    if folder.is_receiving():
        yield lambda: 0
        return
    receiver = Receiver(house, folder, keys, once=True)
    receiver.start()
    try:
        yield receiver.pump
    finally:
        receiver.stop()
        receiver.drop_slot()  # nobody would take what the server kept: its disc would fill


def wait_for(segment: str, folder: BackupFolder, pump: Pump, stop: threading.Event) -> None:
    """Returns once a segment is sealed. Raises `LogStands` where nothing arrives for two minutes."""
    deadline = time.monotonic() + ARRIVES_WITHIN
    while not (folder.wal / segment).exists():
        if pump():
            deadline = time.monotonic() + ARRIVES_WITHIN
        if time.monotonic() > deadline:
            raise LogStands(f"the write-ahead log ({segment}) has not arrived within {ARRIVES_WITHIN:.0f} s")
        if stop.wait(LOOK_EVERY):
            raise InterruptedBackup()


class InterruptedBackup(GuestloopError):
    """The backup was interrupted; what was begun is removed."""


def place_of(segment: str) -> int:
    """How many segments lie before it, whatever its timeline."""
    return int(segment[8:16], 16) * SEGMENTS_OF_A_LOG + int(segment[16:], 16)


def segments(folder: BackupFolder) -> list[str]:
    """The sealed ones, the oldest first."""
    return sorted((one.name for one in folder.wal.iterdir() if SEGMENT.fullmatch(one.name)), key=place_of)


def stretch(folder: BackupFolder, first: str, last: str | None = None) -> list[str]:
    """The segments from `first` to `last`, or on as far as none is missing. Raises `Gap` where one before `last` is."""
    wanted = [one for one in segments(folder) if place_of(one) >= place_of(first)]
    there = {place_of(one) for one in wanted}
    end = place_of(first)
    while end in there:
        end += 1
    if last and place_of(last) >= end:
        missing = f"{first[:8]}{end // SEGMENTS_OF_A_LOG:08X}{end % SEGMENTS_OF_A_LOG:08X}"
        raise Gap(f"the write-ahead log from {first} to {last} is not whole: {missing} is missing")
    until = place_of(last) + 1 if last else end
    return [one for one in wanted if place_of(one) < until]


def put_segments(names: Iterable[str], folder: BackupFolder, keys: StreamKeys, target: Path) -> None:
    """Opens them into `target`, with the histories of timelines. Raises `CannotOpenStream`."""
    histories = [one.name for one in folder.wal.iterdir() if HISTORY.fullmatch(one.name)]
    for name in [*histories, *names]:
        with (folder.wal / name).open("rb") as file, write_private_bytes(target / name) as out:
            open_all(file, keys, f"wal/{name}", out)
