"""`guestloop check`"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict

from guestloop.operations.doctor import check
from shared.clock import SystemClock


def add(known: argparse.ArgumentParser) -> None:
    known.add_argument("--json", action="store_true", help="one JSON object a line")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """1 where something is wrong."""
    wrong = 0
    for result in check(os.environ, SystemClock()):
        wrong += result.problem is not None
        if given.json:
            print(json.dumps(asdict(result)))
        elif result.problem is None:
            print(f"ok     {result.what}: {result.detail}", flush=True)
        else:
            print(f"WRONG  {result.what}: {result.problem}", flush=True)
    return 1 if wrong else 0
