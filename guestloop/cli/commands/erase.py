"""`guestloop erase`"""

from __future__ import annotations

import argparse
import json
import os
import sys

from tqdm import tqdm

from guestloop.operations.connect import connect
from guestloop.operations.erase import Certificate, erase, find_guest
from services.segments.commands.guests.erase import Consequence
from shared.clock import SystemClock
from shared.errors import InputError


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Erase a guest, with all who were merged with them, in all services: names, addresses, messages, "
        "answers, what waits and what was published. Stays and figures of the hotels stay, without a guest. It cannot "
        "be undone. The next import does not bring the guest back, nor does a restored backup (guestloop restored)."
    )
    known.add_argument("guest", metavar="GUEST", help="a guest's number, exact e-mail address, phone or reservation")
    known.add_argument("--yes", action="store_true", help="do not ask")
    known.add_argument("--json", action="store_true", help="the certificate, rows by service, as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        meant = find_guest(installation.group, given.guest)
        if not given.yes and not _agreed(meant):
            print("nothing was erased")
            return 1
        with tqdm(total=0, unit="service", file=sys.stderr, disable=None) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            done = erase(installation, meant.guests[0], os.environ, clock, progress)
    print(json.dumps(as_json(done)) if given.json else as_text(done))
    return 0


def _agreed(meant: Consequence) -> bool:
    """Raises `InputError` where nobody can be asked."""
    if not sys.stdin.isatty():
        raise InputError("nobody can be asked here: add --yes")
    print(
        f"Guest {meant.guests[0]}"
        + (f" and {len(meant.guests) - 1} merged with them" if meant.guests[1:] else "")
        + ":"
        f" {meant.stays:,} stays, {meant.points:,} addresses and numbers, {meant.messages:,} messages.\n"
        "What says who it was is erased in all services, for good. Stays stay as figures without a guest."
    )
    return input("Type «erase» to go on: ").strip().lower() == "erase"


def as_json(done: Certificate) -> dict[str, object]:
    return {
        "guests": list(map(str, done.guests)),
        "erased_at": done.erased_at.isoformat(),
        "rows": done.rows,
        "done": {service: at.isoformat() for service, at in done.done.items()},
        "stays": done.stays,
    }


def as_text(done: Certificate) -> str:
    lines = [f"Erased on {done.erased_at:%Y-%m-%d %H:%M} UTC: {', '.join(map(str, done.guests))}", ""]
    for service, rows in done.rows.items():
        tables = ", ".join(f"{count:,} {table}" for table, count in rows.items()) or "nothing was known"
        lines.append(f"{sum(rows.values()):>8,}  rows of {service}, {done.done[service]:%Y-%m-%d %H:%M} UTC: {tables}")
    lines += ["", "What stays, and why:"]
    lines += [f"  {service}: {what}. {why}" for service, tables in done.stays.items() for what, why in tables.items()]
    return "\n".join(lines)
