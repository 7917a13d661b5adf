"""`guestloop up`"""

from __future__ import annotations

import argparse
import os

from guestloop.supervisor.up import up


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Run the database, the engine and the pages on this machine, until Ctrl-C. "
        "The address is GUESTLOOP_PORT's (default 8080), the data are in GUESTLOOP_HOME (default .guestloop)."
    )
    known.add_argument(
        "--demo",
        action="store_true",
        help="the first time, fill an empty home with an invented hotel group's two years",
    )
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    return up(os.environ, demo=given.demo)
