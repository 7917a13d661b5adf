"""`guestloop restored`"""

from __future__ import annotations

import argparse
import os

from guestloop.cli.arguments import Commands
from guestloop.operations.connect import connect
from services.messaging.commands.sending.results import note_restored
from shared.clock import SystemClock


def add(commands: Commands) -> None:
    known = commands.add_parser(
        "restored",
        help="messaging's database comes from a backup: what may have gone since is not sent again",
        description="Run it after messaging's database was restored from a backup, before its roles start. Messages "
        "that were due by now may have gone in the time that is lost: their outcome is unclear and none of them is "
        "sent again. Then start the roles and publish again what was lost: guestloop republish.",
    )
    known.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    clock = SystemClock()
    with connect(os.environ, clock) as installation, installation.group.database("messaging").transaction() as tx:
        count = note_restored(tx, clock.now())
    print(f"{count:,} messages may have gone: they stand under «Outcome unclear» and are not sent again")
    return 0
