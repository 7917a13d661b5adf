"""`guestloop export`"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from guestloop.cli.arguments import Commands
from guestloop.operations.connect import connect
from guestloop.operations.export import export_to
from shared.clock import SystemClock
from shared.errors import InputError


def add(commands: Commands) -> None:
    known = commands.add_parser(
        "export",
        help="write guests, stays, messages, answers and cases as JSON lines",
        description="Write guests, stays, messages, answers and cases, a file each, a JSON line each. "
        "The files hold personal data in the clear; only you can read them.",
    )
    known.add_argument("folder", type=Path, help="a folder that is made for it")
    known.add_argument("--json", action="store_true", help="lines by file, as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
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
