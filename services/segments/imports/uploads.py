"""Uploaded files: kept in the imports' folder, readable by their owner alone, until imported or discarded."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import uuid4

from shared.errors import InputError

BLOCK = 1 << 20


@dataclass(frozen=True)
class StoredUpload:
    place: Path
    digest: str
    bytes: int


def store_upload(stream: IO[bytes], folder: Path) -> StoredUpload:
    """The stream's bytes in a new file that its owner alone may read. Raises `InputError` where there are none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / f"{uuid4().hex}.csv"
    digest, size = sha256(), 0
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for block in _blocks(stream):
            file.write(block)
            digest.update(block)
            size += len(block)
    if not size:
        place.unlink()
        raise InputError("There is no file in this request.", {"file": "missing or empty"})
    return StoredUpload(place, digest.hexdigest(), size)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block


def delete_left_uploads(folder: Path, needed: Collection[str], before: datetime) -> int:
    """Files that lie here since before that instant and that no import needs: the process that stored them has died."""
    if not folder.is_dir():
        return 0
    left = [path for path in folder.iterdir() if str(path) not in needed and _changed(path) < before]
    for path in left:
        delete_upload(path)
    return len(left)


def _changed(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # just deleted
        return datetime.max.replace(tzinfo=UTC)


def delete_upload(place: str | Path) -> None:
    with suppress(FileNotFoundError):
        Path(place).unlink()
