"""The list of erasures: a file outside databases and their backups, which a restored database is held to.

A line an erasure: when, whose numbers, and the keyed hashes by which a row of the guest is known again; before it the
line's own digest. Lines are only ever appended, each in one write that has reached the disc when `append` returns;
several processes may append. A last line that a crash cut short is passed over, and the next one begins anew; a damaged
line in the middle is counted, and the others hold.

Where files lie in an object store, each erasure is an object of its own there, with the same line. What a file held
before the store was set goes on counting for as long as it is there.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from shared.clock import Clock, SystemClock
from shared.errors import SettingError
from shared.outgoing.object_store import Bucket, ObjectStore
from shared.settings.installation import ERASURES, HOME
from shared.settings.object_stores import FILES

OBJECTS = "erasures/"
DIGEST = 16  # hex digits: it finds damage, it proves nothing


@dataclass(frozen=True)
class Listed:
    """One erasure. `guests`: the guest first, then all merged with them; `keys`: kind and keyed hash."""

    at: datetime
    guests: tuple[UUID, ...]
    keys: tuple[tuple[str, str], ...] = ()

    def covers(self, other: Listed) -> bool:
        return {*other.guests} <= {*self.guests} and {*other.keys} <= {*self.keys}


@dataclass(frozen=True)
class Erasures:
    """What was read. `damaged`: lines that could not be; the last one, where a crash cut it short, does not count."""

    listed: tuple[Listed, ...]
    damaged: int = 0


class ErasureList:
    """The list of one installation: a file made with its first line, or objects in `bucket`. `clock`: by which requests
    to the store are signed."""

    def __init__(self, path: Path, bucket: Bucket | None = None, clock: Clock | None = None) -> None:
        self.path = path
        self._store = ObjectStore(bucket) if bucket else None
        self._clock = clock or SystemClock()

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> ErasureList:
        """The file of `GUESTLOOP_ERASURES`, else `erasures` in the home; the store of `GUESTLOOP_FILES_STORE`."""
        return cls(ERASURES.read(environment) or HOME.read(environment) / "erasures", FILES.read(environment))

    def append(self, erasure: Listed) -> None:
        """Raises `SettingError` where the file cannot be written, `StoreSilent` where the store does not take it."""
        if self._store:
            name = f"{OBJECTS}{erasure.at.astimezone(UTC):%Y%m%d%H%M%S}-{uuid4().hex}"
            self._store.put(name, _line(erasure), "text/plain", self._clock.now())
            return
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
        """Raises `StoreSilent`."""
        lines = self.path.read_bytes().split(b"\n") if self.path.exists() else [b""]
        lines = [*self._objects(), *lines]
        listed = [_listed(line) for line in lines]
        whole = tuple(one for one in listed if one is not None)
        damaged = sum(one is None and bool(line) for one, line in zip(listed[:-1], lines[:-1], strict=True))
        return Erasures(whole, damaged)

    def _objects(self) -> list[bytes]:
        """Their lines; one that is gone between listing and reading is as one that cannot be read."""
        if self._store is None:
            return []
        names = self._store.names(OBJECTS, self._clock.now())
        found = (self._store.read(name, self._clock.now()) for name in names)
        return [b"gone" if line is None else line.rstrip(b"\n") for line in found]


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
