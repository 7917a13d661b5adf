"""`guestloop administrator`"""

from __future__ import annotations

import argparse
import json
import os

from guestloop.composition.first_admin import first_administrator, reset_second_factor
from guestloop.operations.connect import connect
from shared.clock import SystemClock
from shared.errors import Conflict


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Make the first administrator and print the password, once. Everybody else is entered on the page "
        "«Team». Where there is an administrator already, nothing is done. With --reset-second-factor, take the second "
        "factor off an administrator who lost it: with nobody left to do so on that page, this is the way in."
    )
    known.add_argument(
        "--reset-second-factor", metavar="EMAIL", help="of this account; all its sessions end, its password stays"
    )
    known.add_argument("--json", action="store_true", help="e-mail and password, as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    if given.reset_second_factor:
        with connect(os.environ, clock) as installation:
            reset_second_factor(installation.group, given.reset_second_factor, clock.now())
        print("The second factor is taken off; all sessions have ended. The password is as it was.")
        return 0
    with connect(os.environ, clock) as installation:
        made = first_administrator(installation.group, clock.now())
    if made is None:
        raise Conflict("there is an administrator already, who can enter others on the page «Team»")
    email, password = made
    line = json.dumps({"email": email, "password": password})
    print(line if given.json else f"Sign in as {email} with the password {password}")
    return 0
