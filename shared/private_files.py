"""Files that may hold a guest: whoever else has an account on the machine opens neither them nor their folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, TextIO


def private_folder(path: Path, *, exist_ok: bool = False) -> None:
    """Makes it and what is missing above it. Raises `FileExistsError`."""
    path.mkdir(mode=0o700, parents=True, exist_ok=exist_ok)


def write_private(path: Path, *, newline: str | None = None) -> TextIO:
    """An empty file to write text into, closed to others from its first moment; one that was open to them is closed."""
    return os.fdopen(_closed_to_others(path), "w", encoding="utf-8", newline=newline)


def write_private_bytes(path: Path) -> BinaryIO:
    """The same for bytes."""
    return os.fdopen(_closed_to_others(path), "wb")


def keep_private(path: Path, content: bytes) -> None:
    """The whole file at once, closed in the same way."""
    with write_private_bytes(path) as file:
        file.write(content)


def _closed_to_others(path: Path) -> int:
    place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    if path.is_file():
        os.fchmod(place, 0o600)  # a device such as /dev/null stays as it is
    return place
