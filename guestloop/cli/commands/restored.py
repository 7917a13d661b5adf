"""`guestloop restored`"""

from __future__ import annotations

import argparse
import os
import sys

from guestloop.operations.connect import connect
from guestloop.operations.restored import erase_what_was_erased
from services.console.commands.sessions import end_everybodys_sessions
from services.messaging.commands.sending.results import note_restored
from shared.clock import SystemClock
from shared.personal_data.erasures import ErasureList


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Run it after databases were restored from a backup, before their roles start. First, guests on "
        "the list of erasures are erased again, in every service. Then, in messaging: messages that were due by now "
        "may have gone in the time that is lost; their outcome is unclear and none of them is sent again. Sessions "
        "that were back are ended. After that start the roles and publish again what was lost: guestloop republish."
    )
    known.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    clock, erasures = SystemClock(), ErasureList.of(os.environ).read()
    if erasures.damaged:
        print(f"{erasures.damaged:,} lines of the list of erasures are damaged and were passed over", file=sys.stderr)
    with connect(os.environ, clock) as installation:
        again = erase_what_was_erased(installation.group, erasures, clock.now())
        print(f"{len(erasures.listed):,} erasures are on the list: {again:,} guests were back and are erased again")
        with installation.group.database("messaging").transaction() as tx:
            count = note_restored(tx, clock.now())
        with installation.group.database("console").transaction() as tx:
            sessions = end_everybodys_sessions(tx, clock.now())
    print(f"{sessions:,} sessions were back and are ended: everybody signs in again")
    print(f"{count:,} messages may have gone: they stand under «Outcome unclear» and are not sent again")
    return 0
