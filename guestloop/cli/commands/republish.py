"""`guestloop republish`"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import timedelta

from tqdm import tqdm

from guestloop.operations.connect import connect
from guestloop.operations.republish import SUBJECTS, republish_subject, resend_since
from guestloop.supervisor.engine import engine_process
from shared.clock import SystemClock
from shared.embedded.home import Home


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Publish every subject's present state again. A service that has it already drops it; "
        "it enrols nobody and sends nothing."
    )
    known.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"{', '.join(SUBJECTS)} (default: all)")
    known.add_argument(
        "--outbox",
        metavar="HOURS",
        type=int,
        help="in place of that, send again all messages of so many hours (168 at most): for a broker that lost its own",
    )
    known.add_argument("--json", action="store_true", help="how many of each, as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    wanted = given.subjects or list(SUBJECTS)
    counts = {}
    with connect(os.environ, clock) as installation:
        if given.outbox is not None:
            wanted = []
            counts["messages"] = resend_since(installation.group, clock.now() - timedelta(hours=given.outbox))
        for subject in tqdm(wanted, unit="kind", file=sys.stderr, disable=None):
            counts[subject] = republish_subject(installation.group, subject, clock.now())
        if not installation.is_running:
            home = Home.from_environment(os.environ)
            with engine_process(installation.group, home.with_keys(os.environ)) as engine:
                engine.wait_until_idle()
    if given.json:
        print(json.dumps(counts))
        return 0
    for subject, count in counts.items():
        print(f"{count:>12,}  {subject}")
    return 0
