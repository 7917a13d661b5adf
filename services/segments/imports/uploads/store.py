"""Uploads in an object store, sealed, in parts: what the store's keeper sees are parts of nothing.

A place is `store:<name>:<parts>`. A part is named by the file, the instant of its arrival and its number, and is sealed
together with that name, so that none stands in another's place. Nothing but the place says how many there are: a file
whose process died among its parts has no place, and is swept. A file is fetched for each reading and kept no longer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from services.segments.imports.uploads.folder import UploadsInFolder
from services.segments.imports.uploads.received import Received
from shared.clock import Clock
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import CannotOpen, KeyRing, Sealed
from shared.outgoing.object_store import ObjectStore, StoreSilent
from shared.private_files import write_private_bytes

PART = 4 * 1024 * 1024  # bytes of the file
PLACE = re.compile(r"store:(?P<name>imports/\d{14}-[0-9a-f]{32}):(?P<parts>\d+)")
ARRIVED = "%Y%m%d%H%M%S"


class UploadsInStore:
    """`folder`: holds a file while it is received or read. What was kept in it before the store was set is found."""

    def __init__(self, store: ObjectStore, keyring: KeyRing, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self._store, self._keyring, self._clock = store, keyring, clock
        self._local = UploadsInFolder(folder)

    def keep(self, upload: Received) -> str:
        name, parts = f"imports/{self._clock.now():{ARRIVED}}-{uuid4().hex}", 0
        try:
            with upload.path.open("rb") as file:
                while block := file.read(PART):
                    self._put(_part(name, parts), block)
                    parts += 1
        except StoreSilent:
            with suppress(StoreSilent):  # what stays is swept
                self._delete_parts(name, parts + 1)
            raise
        upload.kept_at = f"store:{name}:{parts}"
        return upload.kept_at

    @contextmanager
    def at_hand(self, place: str) -> Iterator[Path]:
        if (found := PLACE.fullmatch(place)) is None:
            with self._local.at_hand(place) as path:
                yield path
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{uuid4().hex}.csv"
        try:
            with write_private_bytes(path) as file:
                for number in range(int(found["parts"])):
                    file.write(self._read(_part(found["name"], number)))
            yield path
        finally:
            path.unlink(missing_ok=True)

    def delete(self, place: str) -> None:
        if found := PLACE.fullmatch(place):
            self._delete_parts(found["name"], int(found["parts"]))
        else:
            self._local.delete(place)

    def delete_left(self, needed: Collection[str], before: datetime) -> int:
        """The instant in a part's name is asked of the clock, the files on this machine have one of the disc."""
        waiting = {found["name"] for place in needed if (found := PLACE.fullmatch(place))}
        left = [
            part
            for part in self._store.names("imports/", self._clock.now())
            if (name := part.rpartition("/")[0]) not in waiting and _arrived(name) < before
        ]
        for part in left:
            self._store.delete(part, self._clock.now())
        return len({part.rpartition("/")[0] for part in left}) + self._local.delete_left(needed, before)

    def may_wait(self) -> bool:
        return True

    def _put(self, part: str, block: bytes) -> None:
        sealed = self._keyring.seal_bytes(f"{part}\n".encode() + block, Sealing.ROW)
        self._store.put(part, sealed.encode(), "application/octet-stream", self._clock.now())

    def _read(self, part: str) -> bytes:
        if (found := self._store.read(part, self._clock.now())) is None:
            raise FileNotFoundError(part)
        try:
            name, _, block = self._keyring.open_bytes(Sealed(found.decode("ascii")), Sealing.ROW).partition(b"\n")
        except (CannotOpen, UnicodeDecodeError) as error:
            raise OSError("the object store holds what cannot be opened") from error
        if name != part.encode():
            raise OSError("a part of another file lies there")
        return block

    def _delete_parts(self, name: str, parts: int) -> None:
        for number in range(parts):
            self._store.delete(_part(name, number), self._clock.now())


def _part(name: str, number: int) -> str:
    return f"{name}/{number:05}"


def _arrived(name: str) -> datetime:
    """What has a name that is none of ours is left alone."""
    try:
        return datetime.strptime(name.removeprefix("imports/")[:14], ARRIVED).replace(tzinfo=UTC)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
