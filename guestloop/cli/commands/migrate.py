"""`guestloop migrate`"""

from __future__ import annotations

import argparse
import json
import os

from guestloop.composition.services import MANIFEST
from guestloop.operations.connect import connect
from shared.clock import SystemClock


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Migrate every database to the newest schema: those of GUESTLOOP_<SERVICE>_DATABASE, "
        "else those of the home. Run it once before the new roles start; the old ones may run beside it."
    )
    known.add_argument("--json", action="store_true", help="the files applied, by service, as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        done = {
            name: MANIFEST[name].migrate(service.database.direct, clock.now())
            for name, service in installation.group.services.items()
        }
    if given.json:
        print(json.dumps(done))
        return 0
    for name, applied in done.items():
        print(f"{name}: {', '.join(applied) or 'up to date'}")
    return 0
