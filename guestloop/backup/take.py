"""Takes a base backup: `pg_basebackup` writes it as one stream, which is sealed as it comes."""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from guestloop.backup.folder import FULL, INCREMENTAL, BackupFolder, Note, name_of
from guestloop.backup.house import House, State
from guestloop.backup.manifest import CHECKSUMS, MANIFEST
from guestloop.backup.point import note_point
from guestloop.backup.wal import InterruptedBackup, Pump, receiving, stretch, wait_for
from shared.clock import Clock
from shared.crypto.streams import SealingStream, StreamKeys, open_all, opened, seal_all
from shared.errors import GuestloopError
from shared.private_files import write_private_bytes

PIECE = 1 << 18
TOLD_EVERY = 64 << 20  # bytes

Tell = Callable[[str], None]
"""Is told how far it is, a sentence at a time."""


class BackupFailed(GuestloopError):
    """`pg_basebackup` failed."""


@dataclass
class Taking:
    """What a backup is taken of, into where, by which keys. `pump`: by whoever takes it and receives the log too."""

    house: House
    folder: BackupFolder
    keys: StreamKeys
    clock: Clock
    tell: Tell = lambda _: None
    stop: threading.Event = field(default_factory=threading.Event)
    pump: Pump | None = None

    def receiving(self) -> AbstractContextManager[Pump]:
        return nullcontext(self.pump) if self.pump else receiving(self.house, self.folder, self.keys)


def take(taking: Taking, *, full: bool = False) -> Note:
    """One whole backup, not verified yet; an incremental one where there is something to rest on and not `full`.

    Raises `InUse` where another is at it, `CannotBackUp`, `BackupFailed`, `LogStands`, `DiscFull`: then nothing of it
    is left.
    """
    folder, now = taking.folder, taking.clock.now()
    with folder.taking(), folder.half(name_of(now)) as half:
        state = taking.house.state()
        folder.is_of(state.identifier)
        with taking.receiving() as pump:
            parent = None if full or not state.summarizes else _to_rest_on(taking, state)
            name = half.name.removesuffix(half.suffix)
            taking.tell(f"{name}: {'what changed since ' + parent.name if parent else 'everything'}")
            parent, size = _base_on(taking, half, parent, state.size, pump)
            timeline, first = _log_of(half, taking.keys)
            taking.tell("counting rows")
            point = note_point(taking.house, name, taking.stop)
            wait_for(point.segment, folder, pump, taking.stop)
        stretch(folder, first, point.segment)
        note = Note(
            name=name,
            kind=INCREMENTAL if parent else FULL,
            parent=parent.name if parent else None,
            began=now,
            at=point.at,
            version=state.version,
            timeline=timeline,
            first=first,
            last=point.segment,
            point=point.name,
            snapshot=point.snapshot,
            counts=point.counts,
            size=state.size,
            bytes=size,
            key=taking.keys.first,
        )
        folder.keep(half, note)
    return note


def _to_rest_on(taking: Taking, state: State) -> Note | None:
    """The newest verified backup of the same version."""
    found = taking.folder.newest_verified()
    return found if found and found.version == state.version else None


def _base_on(taking: Taking, half: Path, parent: Note | None, size: int, pump: Pump) -> tuple[Note | None, int]:
    """On what it rests, and its bytes. Of changes that the server no longer knows, everything is taken instead."""
    try:
        return parent, _base(taking, half, parent, size, pump)
    except BackupFailed as error:
        if parent is None:
            raise
        taking.tell(f"not what changed alone ({error}): everything is taken")
        return None, _base(taking, half, None, size, pump)


def _base(taking: Taking, half: Path, parent: Note | None, size: int, pump: Pump) -> int:
    """Sealed into `half`: the base and its manifest. How many bytes both are."""
    told = ["--pgdata=-", "--format=tar", "--wal-method=none", "--checkpoint=fast", CHECKSUMS, f"--label={half.name}"]
    with tempfile.TemporaryDirectory(dir=half) as beside, tempfile.TemporaryFile() as said:
        if parent:
            told.append(f"--incremental={_opened_manifest(taking, parent, Path(beside))}")
        process = taking.house.tool("pg_basebackup", told, output=subprocess.PIPE, errors=said)
        try:
            assert process.stdout is not None
            is_whole = _seal(taking, process.stdout, half, size, pump)
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.wait() or not is_whole:
            raise BackupFailed(f"pg_basebackup: {_last_words(said)}")
    return sum(each.stat().st_size for each in half.iterdir())


def _seal(taking: Taking, stream: IO[bytes], half: Path, size: int, pump: Pump) -> bool:
    """Whether it is whole: the manifest is its last file."""
    name, found = half.name.removesuffix(half.suffix), False
    with write_private_bytes(half / "base") as out:
        sealing = SealingStream(out, taking.keys, f"{name}/base")
        read = _Passing(stream, sealing, taking, size, pump)
        try:
            with tarfile.open(fileobj=read, mode="r|", bufsize=PIECE) as tar:  # type: ignore[call-overload]
                for member in tar:
                    if member.name == MANIFEST and (manifest := tar.extractfile(member)):
                        _seal_manifest(taking, manifest, half, name)
                        found = True
        except tarfile.TarError:
            found = False
        read.rest()
        sealing.close()
    return found


def _seal_manifest(taking: Taking, manifest: IO[bytes], half: Path, name: str) -> None:
    with write_private_bytes(half / "manifest") as out:
        seal_all(manifest, out, taking.keys, f"{name}/manifest")


class _Passing:
    """A stream that is sealed as it is read; it says how far it is, and the log is looked after meanwhile."""

    def __init__(self, stream: IO[bytes], sealing: SealingStream, taking: Taking, size: int, pump: Pump) -> None:
        self._stream, self._sealing, self._taking = stream, sealing, taking
        self._size, self._pump, self._done, self._told = size, pump, 0, 0

    def read(self, most: int) -> bytes:
        if self._taking.stop.is_set():
            raise InterruptedBackup()
        piece = self._stream.read(most)
        self._sealing.write(piece)
        self._done += len(piece)
        if self._done - self._told >= TOLD_EVERY:
            self._told = self._done
            self._taking.tell(f"{self._done / 1e6:,.0f} MB of about {self._size / 1e6:,.0f} MB")
            self._pump()
        return piece

    def rest(self) -> None:
        while self.read(PIECE):
            pass


def _opened_manifest(taking: Taking, parent: Note, beside: Path) -> Path:
    path = beside / MANIFEST
    with (
        (taking.folder.path / parent.name / "manifest").open("rb") as file,
        write_private_bytes(path) as out,
    ):
        open_all(file, taking.keys, f"{parent.name}/manifest", out)
    return path


def _log_of(half: Path, keys: StreamKeys) -> tuple[int, str]:
    """The timeline, and the first segment of the log that the backup needs."""
    name = half.name.removesuffix(half.suffix)
    with (half / "manifest").open("rb") as file:
        said: dict[str, Any] = json.loads(b"".join(opened(file, keys, f"{name}/manifest")))
    last = said["WAL-Ranges"][-1]
    high, low = (int(part, 16) for part in last["Start-LSN"].split("/"))
    return last["Timeline"], f"{last['Timeline']:08X}{high:08X}{low >> 24:08X}"


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    lines = [line for line in said.read().decode(errors="replace").splitlines() if "error" in line or "FATAL" in line]
    return (lines or ["it ended before its last file"])[-1]
