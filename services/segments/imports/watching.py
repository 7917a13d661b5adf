"""The watched folder: a file that has stopped growing is handed in, with the mapping saved for its source.

Its source is the sub-folder it lies in, or else the longest saved source its name begins with. Once done it lies in
`done/` beside where it was, else in `failed/`, and what was refused beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from services.segments.imports.refused import Reject, write_rejects
from shared.private_files import private_folder

LOOK_EVERY = timedelta(seconds=2)
STILL_FOR = timedelta(seconds=5)
ASIDE = ("done", "failed")
ENDINGS = (".csv", ".csv.gz", ".txt", ".tsv", ".gz", ".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass
class Watch:
    """What the folder held when it was last read: by file its size and change, and since when they are the same."""

    folder: Path
    seen: dict[Path, tuple[int, int, datetime]] = field(default_factory=dict)
    looked_at: datetime | None = None

    def finished(self, now: datetime) -> list[Path]:
        """The files that have stopped growing; nothing between two readings."""
        if self.looked_at is not None and now - self.looked_at < LOOK_EVERY:
            return []
        self.looked_at = now
        before, self.seen = self.seen, {}
        for path in sorted(_files_in(self.folder)):
            status = path.stat()
            size, changed, since = before.get(path, (-1, -1, now))
            still = (status.st_size, status.st_mtime_ns) == (size, changed)
            self.seen[path] = (status.st_size, status.st_mtime_ns, since if still else now)
        return [path for path, (size, _, since) in self.seen.items() if size and now - since >= STILL_FOR]


def _files_in(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.is_dir() and path.name not in ASIDE:
            yield from (one for one in path.iterdir() if _is_export(one))
        elif _is_export(path):
            yield path


def _is_export(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.name.lower().endswith(ENDINGS)


def source_of(path: Path, folder: Path, saved: Iterable[str]) -> str | None:
    """Which saved source a file is of."""
    if path.parent != folder:
        return path.parent.name if path.parent.name in saved else None
    named = [source for source in saved if path.name.lower().startswith(source.lower())]
    return max(named, key=len, default=None)


def move_aside(path: Path, refused: Sequence[Reject], failed: bool) -> None:
    """Into `done/` or `failed/`, under a free name, the refused rows beside it."""
    if not path.exists():
        return
    folder = path.parent / ("failed" if failed else "done")
    private_folder(folder, exist_ok=True)
    place = next(one for one in _names(folder / path.name) if not one.exists())
    path.rename(place)
    if refused:
        write_rejects(place.with_name(f"{place.name}.rejects.csv"), list(refused))


def _names(path: Path) -> Iterable[Path]:
    yield path
    stem, _, ending = path.name.partition(".")
    yield from (path.with_name(f"{stem}-{number}.{ending}") for number in count(2))


def mapping_needed(saved: Mapping[str, object]) -> str:
    known = ", ".join(saved) or "none"
    return f"no saved mapping fits this file (saved: {known}); import one of its kind under Imports first"
