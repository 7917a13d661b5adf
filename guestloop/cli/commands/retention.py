"""`guestloop retention`"""

from __future__ import annotations

import argparse
import json
import os
import sys

from guestloop.operations.connect import connect
from guestloop.operations.retention import Counts, count_due, drop_due
from shared.clock import SystemClock


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Drop what its term is over for: what every night drops by itself. With --dry-run it is only "
        "counted. The terms stand in the console under «Privacy»."
    )
    known.add_argument("--dry-run", action="store_true", help="count, and drop nothing")
    known.add_argument("--json", action="store_true", help="how many by service, as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        if given.dry_run:
            counts = count_due(installation.group, clock.now())
        else:
            counts = drop_due(installation.group, clock.now(), _say_how_far)
    if given.json:
        print(json.dumps(counts))
        return 0
    _print(counts)
    return 0


def _print(counts: Counts) -> None:
    for service, subjects in counts.items():
        print(service)
        for subject, rows in subjects.items():
            print(f"  {rows:>12,}  {subject}")


def _say_how_far(service: str, dropped: int) -> None:
    print(f"\r{service}: {dropped:,}", end="", file=sys.stderr)
