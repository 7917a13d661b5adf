"""`guestloop export FOLDER`, `guestloop export guest GUEST --to FOLDER`"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from guestloop.operations.connect import connect
from guestloop.operations.export import export_to
from guestloop.operations.guest_file import guest_named, write_guest_file
from shared.clock import SystemClock
from shared.errors import InputError

ONE_GUEST = "guest"


def add(known: argparse.ArgumentParser) -> None:
    known.usage = "guestloop export [-h] [--json] FOLDER\n       guestloop export [-h] [--json] guest GUEST --to FOLDER"
    known.description = (
        "Write guests, stays, messages, answers and cases, a file each, a JSON line each; or, with "
        "«guest», all that is held of one guest, as a page to read and as JSON. The files hold personal data in the "
        "clear; only you can read them."
    )
    known.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that is made for it")
    known.add_argument(
        "guest", nargs="?", metavar="GUEST", help="after «guest»: an id, or an exact address, number or reservation"
    )
    known.add_argument("--to", type=Path, metavar="FOLDER", help="of one guest's file: a folder that is made for it")
    known.add_argument("--json", action="store_true", help="what was written, as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    of_one = str(given.folder) == ONE_GUEST and (given.guest is not None or given.to is not None)
    if of_one:
        return _one_guest(given)
    if given.guest is not None or given.to is not None:
        raise InputError("it reads «guestloop export FOLDER», or «guestloop export guest GUEST --to FOLDER»")
    if given.folder.exists():
        raise InputError(f"{given.folder} exists already: name a folder that is new")
    with connect(os.environ, SystemClock()) as installation:
        written = export_to(given.folder, installation.group)
    if given.json:
        print(json.dumps(written))
        return 0
    for name, lines in written.items():
        print(f"{lines:>12,}  {given.folder / name}")
    return 0


def _one_guest(given: argparse.Namespace) -> int:
    if given.guest is None or given.to is None:
        raise InputError("it reads «guestloop export guest GUEST --to FOLDER»")
    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        guest_id = guest_named(installation.group, given.guest)
        written = write_guest_file(installation.group, guest_id, given.to, clock.now())
    if given.json:
        said = {"guest": str(guest_id), "html": str(written.html), "json": str(written.json), "rows": written.rows}
        print(json.dumps(said))
        return 0
    for name, rows in written.rows.items():
        print(f"{rows:>12,}  {name}")
    print(written.html, written.json, sep="\n")
    return 0
