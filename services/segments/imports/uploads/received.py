"""What a request brings, written to disc as it comes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import uuid4

from shared.errors import InputError

BLOCK = 1 << 20


@dataclass
class Received:
    """A file that its owner alone may read. `kept_at`: where it was kept; until then it goes with its request."""

    path: Path
    digest: str
    bytes: int
    kept_at: str = ""


def receive(stream: IO[bytes], folder: Path) -> Received:
    """The stream's bytes in a new file. Raises `InputError` where there are none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{uuid4().hex}.csv"
    digest, size = sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for block in _blocks(stream):
                file.write(block)
                digest.update(block)
                size += len(block)
        if not size:
            raise InputError("There is no file in this request.", {"file": "missing or empty"})
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, digest.hexdigest(), size)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block
