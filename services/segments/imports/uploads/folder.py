"""Uploads in a folder of this machine, or in a volume that several machines share."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from services.segments.imports.uploads.received import Received


class UploadsInFolder:
    """A place is a path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, upload: Received) -> str:
        upload.kept_at = str(upload.path)
        return upload.kept_at

    @contextmanager
    def at_hand(self, place: str) -> Iterator[Path]:
        yield Path(place)

    def delete(self, place: str) -> None:
        Path(place).unlink(missing_ok=True)

    def delete_left(self, needed: Collection[str], before: datetime) -> int:
        if not self.folder.is_dir():
            return 0
        left = [path for path in self.folder.iterdir() if str(path) not in needed and _changed(path) < before]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def may_wait(self) -> bool:
        return self.folder.is_dir() and any(self.folder.iterdir())


def _changed(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # just deleted
        return datetime.max.replace(tzinfo=UTC)
