"""`guestloop status`"""

from __future__ import annotations

import argparse
import json
import os

from guestloop.operations.connect import connect
from guestloop.operations.status import status_of
from shared.clock import SystemClock


def add(known: argparse.ArgumentParser) -> None:
    known.add_argument("--json", action="store_true", help="the same as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        found = status_of(installation.group, clock.now())
    if given.json:
        print(json.dumps(found))
        return 0
    for service, figures in found.items():
        print(service)
        for label, figure in figures.items():
            print(f"  {figure:>12,}  {label}")
    return 0
