"""Where backups lie, and what each notes of itself.

<name>/base, <name>/manifest   a base backup, sealed
<name>/note.json               when, of what kind, how many rows: nothing of a guest
wal/<segment>                  the write-ahead log, sealed, a file a segment
incoming/                      the segment that is being received, not sealed until it is full
check/, restored/              a restored server
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from shared.embedded.lockfile import InUse, LockFile
from shared.errors import Conflict, GuestloopError, NotFound, SettingError
from shared.private_files import keep_private, private_folder
from shared.settings.backups import BACKUPS

PART = ".part"
NAME = re.compile(r"\d{8}T\d{6}Z")
FULL, INCREMENTAL = "full", "incremental"
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Note:
    """One backup. `parent`: the backup that an incremental one rests on. `at`: the instant of `point`, which the counts
    are of, by `snapshot`. `first`, `last`: the segments of the log it needs to get there. `counts`: rows by database
    and table. `size`: bytes of the databases; `bytes`: of the backup itself. `problem`: why its restore failed.
    """

    name: str
    kind: str
    parent: str | None
    began: datetime
    at: datetime
    version: int
    timeline: int
    first: str
    last: str
    point: str
    snapshot: str
    counts: Counts
    size: int
    bytes: int
    key: str
    verified: datetime | None = None
    problem: str = ""

    @property
    def rows(self) -> int:
        return sum(sum(tables.values()) for tables in self.counts.values())

    def text(self) -> str:
        return json.dumps(asdict(self), default=lambda at: at.isoformat(), indent=1)

    @classmethod
    def of(cls, text: str) -> Note:
        said = json.loads(text)
        for name in ("began", "at", "verified"):
            said[name] = datetime.fromisoformat(said[name]) if said[name] else None
        return cls(**said)


class DiscFull(GuestloopError):
    """The disc of the backups is full."""


@dataclass
class BackupFolder:
    """The folder of one server's backups, made where it is missing, closed to others."""

    path: Path
    _taking: LockFile = field(init=False)
    _receiving: LockFile = field(init=False)

    def __post_init__(self) -> None:
        self._taking, self._receiving = LockFile(self.path / "taking.lock"), LockFile(self.path / "receiving.lock")

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> BackupFolder:
        """Raises `SettingError` where none is named."""
        path = BACKUPS.needed(environment)
        assert path is not None
        return cls(path.absolute())

    def open(self) -> BackupFolder:
        try:
            for each in (self.path, self.wal, self.incoming):
                private_folder(each, exist_ok=True)
        except OSError as error:
            raise SettingError(f"{BACKUPS.name}: {self.path} cannot be written: {error.strerror}.") from error
        return self

    @property
    def wal(self) -> Path:
        return self.path / "wal"

    @property
    def incoming(self) -> Path:
        return self.path / "incoming"

    def is_of(self, identifier: str) -> None:
        """It holds the backups of this server from the first time on. Raises `Conflict` where it is another's: their
        logs have the same names.
        """
        self.open()
        file = self.path / "server"
        if not file.exists():
            self._write(file, identifier)
        if file.read_text(encoding="utf-8") != identifier:
            raise Conflict(f"{self.path} holds the backups of another server: name another folder in {BACKUPS.name}.")

    # what there is

    def notes(self) -> list[Note]:
        """Every whole backup, the oldest first."""
        if not self.path.is_dir():
            return []
        found = sorted(each / "note.json" for each in self.path.iterdir() if NAME.fullmatch(each.name))
        return [Note.of(file.read_text(encoding="utf-8")) for file in found if file.exists()]

    def note(self, name: str) -> Note:
        """Raises `NotFound`."""
        for one in self.notes():
            if one.name == name:
                return one
        raise NotFound(f"there is no backup «{name}» in {self.path}: guestloop backup list")

    def chain(self, note: Note) -> list[Note]:
        """The full backup that this one rests on, the incremental ones after it, and itself. Raises `NotFound`."""
        found = [note]
        while found[0].parent:
            found.insert(0, self.note(found[0].parent))
        return found

    def newest_verified(self) -> Note | None:
        return next((one for one in reversed(self.notes()) if one.verified), None)

    def amend(self, note: Note, *, verified: datetime | None, problem: str = "") -> Note:
        changed = replace(note, verified=verified, problem=problem)
        self._write(self.path / note.name / "note.json", changed.text())
        return changed

    # writing one

    @contextmanager
    def taking(self) -> Iterator[None]:
        """One backup, check or clearing at a time. Raises `InUse` in words."""
        with self._held(self._taking, f"A backup is being taken or checked in {self.path}"):
            yield

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """Whoever receives the log. Raises `InUse`."""
        with self._held(self._receiving, f"The write-ahead log is being received into {self.path}"):
            yield

    def is_receiving(self) -> bool:
        """Whether somebody else receives the log."""
        try:
            with self.receiving():
                return False
        except InUse:
            return True

    @contextmanager
    def _held(self, lock: LockFile, otherwise: str) -> Iterator[None]:
        self.open()
        lock.take(otherwise, within=0.2)
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def half(self, name: str) -> Iterator[Path]:
        """A folder to write a backup into: it goes if the block raises, and is no backup before `keep`."""
        self.clear_halves()
        place = self.path / f"{name}{PART}"
        try:
            private_folder(place)
            yield place
        except OSError as error:
            raise self.full(error) from error
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def keep(self, half: Path, note: Note) -> None:
        """From here on it is a backup."""
        self._write(half / "note.json", note.text())
        for file in half.iterdir():
            reach_disc(file)
        reach_disc(half)
        half.rename(self.path / note.name)
        reach_disc(self.path)

    def drop(self, note: Note) -> None:
        """It is no backup from the first moment on."""
        half = self.path / f"{note.name}{PART}"
        (self.path / note.name).rename(half)
        shutil.rmtree(half, ignore_errors=True)

    def clear_halves(self) -> None:
        """What a process that was killed left behind: half backups, half segments, a restored server."""
        for left in [*self.path.glob(f"*{PART}"), self.path / "check"]:
            shutil.rmtree(left, ignore_errors=True)

    def full(self, error: OSError) -> GuestloopError:
        """What an operator is told of an error of the disc."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            kept = len(self.notes())
            return DiscFull(f"the disc of {self.path} is full; what was begun is removed, {kept} older backups stay.")
        return GuestloopError(f"{self.path} cannot be written: {error.strerror or error}")

    def free(self) -> int:
        return shutil.disk_usage(self.path).free

    def _write(self, path: Path, text: str) -> None:
        new = path.with_name(f"{path.name}.new")
        keep_private(new, text.encode())
        reach_disc(new)
        new.replace(path)


def name_of(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def reach_disc(path: Path) -> None:
    place = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(place)
    finally:
        os.close(place)
