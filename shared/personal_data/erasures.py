"""The list of erasures: a file outside databases and their backups, which a restored database is held to.

A line an erasure: when, whose numbers, and the keyed hashes by which a row of the guest is known again; before it the
line's own digest. Lines are only ever appended, each in one write that has reached the disc when `append` returns;
several processes may append. A last line that a crash cut short is passed over, and the next one begins anew; a damaged
line in the middle is counted, and the others hold.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from shared.errors import SettingError
from shared.settings.installation import ERASURES, HOME

DIGEST = 16  # hex digits: it finds damage, it proves nothing


@dataclass(frozen=True)
class Listed:
    """One erasure. `guests`: the guest first, then all merged with them; `keys`: kind and keyed hash."""

    at: datetime
    guests: tuple[UUID, ...]
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Erasures:
    """What was read. `damaged`: lines that could not be; the last one, where a crash cut it short, does not count."""

    listed: tuple[Listed, ...]
    damaged: int = 0


class ErasureList:
    """The file of one installation, made with its first line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> ErasureList:
        """The file of `GUESTLOOP_ERASURES`, else `erasures` in the home."""
        return cls(ERASURES.read(environment) or HOME.read(environment) / "erasures")

    def append(self, erasure: Listed) -> None:
        """Raises `SettingError` where the file cannot be written: then nobody is erased."""
        try:
            place = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise SettingError(f"GUESTLOOP_ERASURES: {self.path} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(place, fcntl.LOCK_EX)
            os.write(place, (b"" if _ends_well(place) else b"\n") + _line(erasure))
            os.fsync(place)
        finally:
            os.close(place)

    def read(self) -> Erasures:
        if not self.path.exists():
            return Erasures(())
        lines = self.path.read_bytes().split(b"\n")
        listed = [_listed(line) for line in lines]
        whole = tuple(one for one in listed if one is not None)
        damaged = sum(one is None and bool(line) for one, line in zip(listed[:-1], lines[:-1], strict=True))
        return Erasures(whole, damaged)


def _ends_well(place: int) -> bool:
    size = os.fstat(place).st_size
    return size == 0 or os.pread(place, 1, size - 1) == b"\n"


def _line(erasure: Listed) -> bytes:
    text = json.dumps(
        {"at": erasure.at.isoformat(), "guests": list(map(str, erasure.guests)), "keys": list(map(list, erasure.keys))}
    ).encode()
    return _digest(text) + b" " + text + b"\n"


def _listed(line: bytes) -> Listed | None:
    digest, _, text = line.partition(b" ")
    if not text or digest != _digest(text):
        return None
    said = json.loads(text)
    keys = tuple((kind, known) for kind, known in said["keys"])
    return Listed(datetime.fromisoformat(said["at"]), tuple(map(UUID, said["guests"])), keys)


def _digest(text: bytes) -> bytes:
    return sha256(text).hexdigest()[:DIGEST].encode()
