"""`guestloop move`"""

from __future__ import annotations

import argparse
import json
import os

from psycopg.conninfo import conninfo_to_dict

from guestloop.composition.services import SERVICES, database_name
from guestloop.operations.connect import NoHome
from guestloop.operations.move_to_server import Moved, move
from shared.clock import SystemClock
from shared.embedded.home import Home


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Copy the five databases of a home that does not run to a server that has none of them, counting "
        "every table on both sides. The home stays as it is. The key ring does not move by itself."
    )
    known.add_argument("--to", required=True, metavar="URL", help="postgresql://user:password@host:port")
    known.add_argument("--json", action="store_true", help="rows by service and table, as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    home = Home.from_environment(os.environ)
    if not (home.path / "postgres").exists():
        raise NoHome()
    moved = move(home, given.to, os.environ, SystemClock())
    if given.json:
        print(json.dumps(moved.rows))
        return 0
    print_result(moved, given.to, home)
    return 0


def print_result(moved: Moved, to: str, home: Home) -> None:
    for service, rows in moved.rows.items():
        print(f"{sum(rows.values()):>12,}  rows of {service} in {len(rows)} tables, as many here as there")
    if moved.republished:
        print(f"{moved.republished:>12,}  messages that were not handled yet will be published again")
    print("\nThe services find them by (add the password):")
    for service in SERVICES:
        print(f"  GUESTLOOP_{service.upper()}_DATABASE={_address(to, database_name(service))}")
    print(
        f"\nThe key ring is {home.path / 'keys'}: put it where GUESTLOOP_KEYS_FILE points.\n"
        "Without it nobody can read an address, a number or a guest's words, on the server as little as here."
    )


def _address(to: str, database: str) -> str:
    known = conninfo_to_dict(to)
    port = f":{known['port']}" if "port" in known else ""
    return f"postgresql://{known.get('user', database)}@{known.get('host', 'localhost')}{port}/{database}"
