"""`guestloop status`"""

from __future__ import annotations

import argparse
import json
import os

from guestloop.backup.folder import BackupFolder
from guestloop.backup.told import figures_of
from guestloop.operations.connect import connect
from guestloop.operations.status import status_of
from shared.clock import SystemClock
from shared.settings.backups import BACKUPS


def add(known: argparse.ArgumentParser) -> None:
    known.add_argument("--json", action="store_true", help="the same as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        found = status_of(installation.group, clock.now())
    if BACKUPS.read(os.environ):
        found["backups"] = figures_of(BackupFolder.of(os.environ), clock.now())
    if given.json:
        print(json.dumps(found))
        return 0
    for service, figures in found.items():
        print(service)
        for label, figure in figures.items():
            print(f"  {figure:>12,}  {label}")
    return 0
