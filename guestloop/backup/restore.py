"""Leaves a data folder for a server to start with: the state at an instant, or the last that is known."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guestloop.backup.check import need_room
from guestloop.backup.folder import PART, BackupFolder, Counts, Note
from guestloop.backup.point import DATABASES, OWN, counts_there
from guestloop.backup.recover import CannotRecover, Recovering, Target, recovered, unpack
from guestloop.backup.wal import BEING_WRITTEN, SEGMENT, place_of, stretch
from shared.errors import InputError, NotFound

PAST_THE_LOG = "recovery ended before configured recovery target was reached"


@dataclass(frozen=True)
class Restored:
    """`data`: the folder; `counts`: rows by database and table."""

    data: Path
    note: Note
    counts: Counts


def chosen(folder: BackupFolder, until: datetime | None, name: str = "") -> Note:
    """The backup to begin with: the newest verified one before the instant. Raises `NotFound`."""
    if name:
        note = folder.note(name)
        if until and until < note.at:
            raise InputError(f"{name} is of {note.at:%Y-%m-%d %H:%M:%S} UTC, after that instant: take an older one")
        return note
    found = [one for one in folder.notes() if one.verified and (until is None or one.at <= until)]
    if not found:
        before = f" from before {until:%Y-%m-%d %H:%M:%S} UTC" if until else ""
        raise NotFound(f"there is no verified backup{before} in {folder.path}: guestloop backup list")
    return found[-1]


def restore(recovering: Recovering, note: Note, to: Path, until: datetime | None) -> Restored:
    """Into the folder `to`, which must not be there or be empty; until it is whole it is named `….part`.

    Raises `InputError` where the instant lies past the log or before the backup, `Gap`, `CannotRecover`.
    """
    if to.exists() and any(to.iterdir()):
        raise InputError(f"{to} is not empty: name a folder that is not there yet")
    folder, half = recovering.folder, to.with_name(f"{to.name}{PART}")
    shutil.rmtree(half, ignore_errors=True)
    names = stretch(folder, note.first)
    if not names or place_of(names[-1]) < place_of(note.last):
        stretch(folder, note.first, note.last)
    need_room(folder, note, len(names), str(to))
    try:
        counts = _recovered_to(recovering, note, half, names, until)
        if to.exists():
            to.rmdir()
        half.rename(to)
    except CannotRecover as error:
        if PAST_THE_LOG in str(error):
            raise InputError(
                f"the log that is kept here ends before {until:%Y-%m-%d %H:%M:%S} UTC: leave the instant out to "
                "restore the last state that is known"
            ) from error
        raise
    except OSError as error:
        raise folder.full(error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return Restored(to, note, counts)


def _recovered_to(recovering: Recovering, note: Note, data: Path, names: list[str], until: datetime | None) -> Counts:
    unpack(recovering, note, data)
    _add_unfinished(recovering.folder, names, data / "pg_wal")
    recovering.tell(f"replaying {len(names):,} segments of the write-ahead log")
    with (
        recovered(recovering, data, names, Target(until=until), timeline="latest", durable=True) as connect,
        ExitStack() as stack,
    ):
        databases = [row[0] for row in stack.enter_context(connect("postgres")).execute(DATABASES, [list(OWN)])]
        return counts_there([(one, stack.enter_context(connect(one))) for one in databases])


def _add_unfinished(folder: BackupFolder, names: list[str], wal: Path) -> None:
    """The segments that were received last and are not sealed yet, the one that is not full too."""
    end = place_of(names[-1]) + 1 if names else 0
    for file in sorted(folder.incoming.iterdir()):
        name = file.name.removesuffix(BEING_WRITTEN)
        if SEGMENT.fullmatch(name) and place_of(name) >= end:
            shutil.copyfile(file, wal / name)
