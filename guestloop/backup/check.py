"""Verifies a backup: a server is started from it, and every table holds as many rows as were counted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime

from guestloop.backup.folder import BackupFolder, Note
from guestloop.backup.point import committed_meanwhile, counts_there
from guestloop.backup.recover import CannotRecover, Recovering, Target, recovered, unpack
from guestloop.backup.wal import Gap, stretch
from shared.crypto.streams import CannotOpenStream
from shared.errors import GuestloopError, NotFound

MOST_NAMED = 5
ROOM = 1.2  # of the databases' size, for a restored server and its log
SEGMENT_BYTES = 16 << 20


class NotAsCounted(GuestloopError):
    """The restored server does not hold what was counted."""


class NoRoom(GuestloopError):
    """The disc has no room for a restored server."""


def verify(recovering: Recovering, note: Note, now: datetime) -> Note:
    """The note, which says from now on that the backup is verified. Raises what is wrong with it, which the note says
    too. `NoRoom` and an interruption say nothing of the backup.
    """
    folder = recovering.folder
    data = folder.path / "check"
    with folder.taking():
        shutil.rmtree(data, ignore_errors=True)
        try:
            _compare(recovering, note)
        except (CannotOpenStream, CannotRecover, Gap, NotAsCounted, NotFound) as error:
            folder.amend(note, verified=None, problem=str(error))
            raise
        except OSError as error:
            raise folder.full(error) from error
        finally:
            shutil.rmtree(data, ignore_errors=True)
        return folder.amend(note, verified=now)


def need_room(folder: BackupFolder, note: Note, segments: int, place: str) -> None:
    """Raises `NoRoom`."""
    wanted = int(note.size * ROOM) + segments * SEGMENT_BYTES
    wanted *= len(folder.chain(note)[:2])  # backups are put together beside what they are put into
    if (free := folder.free()) < wanted:
        raise NoRoom(f"{place} has {free / 1e9:,.1f} GB free, and a restored server needs {wanted / 1e9:,.1f} GB.")


def _compare(recovering: Recovering, note: Note) -> None:
    data = recovering.folder.path / "check"
    names = stretch(recovering.folder, note.first, note.last)
    need_room(recovering.folder, note, len(names), str(recovering.folder.path))
    unpack(recovering, note, data)
    recovering.tell("starting a server from it")
    target = Target(point=note.point)
    with (
        recovered(recovering, data, names, target, timeline="current", durable=False) as connect,
        ExitStack() as stack,
    ):
        there = [(database, stack.enter_context(connect(database))) for database in note.counts]
        recovering.tell("counting its rows")
        found = counts_there(there)
        if late := committed_meanwhile(there[0][1], note.snapshot):
            raise NotAsCounted(f"{len(late)} transactions ended while rows were counted: take another backup")
    if wrong := list(_differences(note, found)):
        raise NotAsCounted("; ".join(wrong[:MOST_NAMED]))


def _differences(note: Note, found: object) -> Iterator[str]:
    assert isinstance(found, dict)
    for database, tables in note.counts.items():
        there = found[database]
        for table in sorted({*tables, *there}):
            if tables.get(table) != there.get(table):
                counted, are_there = tables.get(table, "no"), there.get(table, "no")
                yield f"{database}.{table}: {counted} rows were counted, {are_there} are there"
