"""Where uploads lie, whichever place that is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Protocol

from services.segments.config import Config
from services.segments.imports.uploads.folder import UploadsInFolder
from services.segments.imports.uploads.received import Received, receive
from services.segments.imports.uploads.store import UploadsInStore
from shared.clock import Clock
from shared.crypto.sealing import KeyRing
from shared.errors import InputError
from shared.outgoing.object_store import Bucket, ObjectStore


class Uploads(Protocol):
    """A file that was handed in is known by its place, which says where it lies."""

    folder: Path

    def keep(self, upload: Received) -> str:
        """The place at which it is found from now on by every role. Raises `StoreSilent`: then nothing is kept."""
        ...

    def at_hand(self, place: str) -> AbstractContextManager[Path]:
        """Its file on this machine, for as long as the block lasts. Raises `FileNotFoundError` where it is gone,
        `StoreSilent` where that cannot be told."""
        ...

    def delete(self, place: str) -> None:
        """One that is gone already is deleted. Raises `StoreSilent`."""
        ...

    def delete_left(self, needed: Collection[str], before: datetime) -> int:
        """Those that lie here since before that instant and that no import needs: the process that brought them has
        died. How many. Raises `StoreSilent`."""
        ...

    def may_wait(self) -> bool:
        """False where surely none lies here."""
        ...


def uploads_of(config: Config, keyring: KeyRing, clock: Clock) -> Uploads:
    if config.files is None:
        return UploadsInFolder(config.imports)
    return UploadsInStore(_store(config.files), keyring, config.imports, clock)


@lru_cache(maxsize=1)
def _store(bucket: Bucket) -> ObjectStore:
    """One for the process: its connections are kept."""
    return ObjectStore(bucket)


@contextmanager
def received(uploads: Uploads, stream: IO[bytes]) -> Iterator[Received]:
    """The stream as a file for as long as the block lasts; after it only what was kept stays, and not that either where
    the block raises `InputError`. Raises `InputError` where there is nothing in the stream."""
    upload = receive(stream, uploads.folder)
    try:
        yield upload
    except InputError:
        if upload.kept_at:
            uploads.delete(upload.kept_at)
            upload.kept_at = ""
        raise
    finally:
        if upload.kept_at != str(upload.path):
            upload.path.unlink(missing_ok=True)
