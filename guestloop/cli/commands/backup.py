"""`guestloop backup`"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from guestloop.backup.check import verify
from guestloop.backup.folder import BackupFolder, Note
from guestloop.backup.here import console_here, house_here, keys_here
from guestloop.backup.house import House
from guestloop.backup.keeping import Keeping, drop_what_is_over
from guestloop.backup.process import live
from guestloop.backup.recover import Recovering
from guestloop.backup.restore import chosen, restore
from guestloop.backup.take import Taking, take
from guestloop.backup.told import age_of, tell_console
from shared.clock import SystemClock
from shared.errors import NotFound

VERBS = {
    "list": "the backups there are, and which instants can be restored",
    "take": "take one now and verify it: a server is started from it and its rows are counted",
    "verify": "the same with the NAME of one that was taken (the newest)",
    "restore": "make a data folder of the newest verified one, or of NAME, up to an instant",
    "run": "the role: receives the log, takes and verifies one a day, drops what is over",
}


def add(known: argparse.ArgumentParser) -> None:
    known.description = "Backups of the whole server. " + " ".join(f"{verb}: {said}." for verb, said in VERBS.items())
    known.add_argument("verb", nargs="?", choices=VERBS, default="list")
    known.add_argument("name", nargs="?", metavar="NAME", help="of a backup", default="")
    known.add_argument("--full", action="store_true", help="take: everything, not only what changed")
    known.add_argument("--to", type=Path, metavar="FOLDER", help="restore: where (restored, beside the backups)")
    known.add_argument("--until", type=_instant, metavar="INSTANT", help="restore: 2026-11-30T17:00, UTC (the end)")
    known.add_argument("--json", action="store_true", help="list: as one JSON object a line")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """1 where a backup or a restore failed, or `list` finds none that is verified."""
    folder = BackupFolder.of(os.environ)
    verbs: dict[str, Callable[[argparse.Namespace, BackupFolder], int]] = {
        "list": _list,
        "take": _take,
        "verify": _verify,
        "restore": _restore,
        "run": lambda *_: live(os.environ),
    }
    return verbs[given.verb](given, folder)


def _list(given: argparse.Namespace, folder: BackupFolder) -> int:
    notes = folder.notes()
    for note in notes:
        print(json.dumps(json.loads(note.text())) if given.json else _line(note))
    newest = folder.newest_verified()
    if not given.json:
        print(age_of(folder, SystemClock().now()))
    return 0 if newest else 1


def _take(given: argparse.Namespace, folder: BackupFolder) -> int:
    clock, keys = SystemClock(), keys_here(os.environ)
    with house_here(os.environ) as house:
        note = take(Taking(house, folder, keys, clock, _say), full=given.full)
        _say(f"{note.name} is taken; now it is verified")
        note = verify(Recovering(house, folder, keys, _say), note, clock.now())
        tell_console(console_here(os.environ), note)
    print(_line(note))
    gone, _ = drop_what_is_over(folder, Keeping.from_environment(os.environ), clock.now())
    if gone:
        print(f"over and dropped: {', '.join(gone)}")
    return 0


def _verify(given: argparse.Namespace, folder: BackupFolder) -> int:
    notes = folder.notes()
    if not notes:
        raise NotFound(f"there is no backup in {folder.path}")
    note = folder.note(given.name) if given.name else notes[-1]
    print(_line(verify(_recovering(folder), note, SystemClock().now())))
    return 0


def _restore(given: argparse.Namespace, folder: BackupFolder) -> int:
    to: Path = (given.to or folder.path / "restored").absolute()
    note = chosen(folder, given.until, given.name)
    _say(f"begins with {_line(note)}")
    done = restore(_recovering(folder), note, to, given.until)
    for database, tables in done.counts.items():
        print(f"{sum(tables.values()):>12,}  rows in {database}")
    print(f"{done.data} is a whole data folder. Stop every role, start PostgreSQL {note.version} with it, then run")
    print("guestloop restored, start the roles, and run guestloop republish.")
    return 0


def _recovering(folder: BackupFolder) -> Recovering:
    """Without the server that was backed up: it may be what was lost."""
    return Recovering(House.nowhere(os.environ), folder, keys_here(os.environ), _say, threading.Event())


def _line(note: Note) -> str:
    state = "not verified"
    if note.verified:
        state = f"verified {note.verified:%Y-%m-%d %H:%M}"
    if note.problem:
        state = f"WRONG: {note.problem}"
    of = f"{note.kind}, {note.bytes / 1e6:,.0f} MB, {note.rows:,} rows, key {note.key}"
    return f"{note.name}  {note.at:%Y-%m-%d %H:%M:%S} UTC  {of}  {state}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant such as 2026-11-30T17:00") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
