"""The command line: `guestloop simulate | import | demo`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from guestloop.bringing import bring
from guestloop.demo import demo
from guestloop.opening import Places
from guestloop.report import DayBar, RowBar, report_import, report_simulation
from guestloop.simulate import Period, simulate
from services.segments.imports.columns import ImportMapping
from services.segments.rules.dates import Order
from shared.errors import GuestloopError, InputError
from shared.events.segments import ConsentState
from shared.running import logs_to_stderr

INTERRUPTED = 130
CONSENT_MEANINGS = {
    "express": ConsentState.EXPRESS,
    "existing": ConsentState.EXISTING_CUSTOMER,
    "unknown": ConsentState.UNKNOWN,
    "never-asked": ConsentState.NEVER_ASKED,
    "refused": ConsentState.REFUSED,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. What goes wrong is one sentence on standard error."""
    logs_to_stderr()
    given = parser().parse_args(arguments)
    try:
        run: int = given.run(given)
    except GuestloopError as error:
        print(f"guestloop {given.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    return run


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="guestloop", description="Marketing automation for hotels.")
    commands = top.add_subparsers(dest="command", required=True)
    _simulate_parser(commands)
    _import_parser(commands)
    shown = commands.add_parser(
        "demo", help="an invented hotel's export: import it, simulate a month, say what was sent"
    )
    shown.add_argument("--rows", type=int, default=5000, help="reservations in the invented export (default 5000)")
    shown.set_defaults(run=run_demo)
    return top


def _simulate_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    known = commands.add_parser(
        "simulate", help="play a PMS export through the engine on a virtual clock; nothing is sent to anybody"
    )
    known.add_argument("export", type=Path, help="a CSV file, plain or gzipped")
    known.add_argument("--from", dest="first", type=day, required=True, help="first day of the period, YYYY-MM-DD")
    known.add_argument("--to", dest="last", type=day, required=True, help="last day of the period")
    known.add_argument("--ledger", type=Path, help="write every decision there, a JSON line each")
    known.add_argument("--guests", type=Path, help="write every guest there, a JSON line each")
    known.add_argument("--seed", type=int, default=0, help="settles all chance (default 0)")
    known.add_argument(
        "--answers",
        choices=["seeded", "none"],
        default="seeded",
        help="whether simulated guests answer (default seeded)",
    )
    known.add_argument("--broker", metavar="amqp://…", help="over this RabbitMQ, each role a process of its own")
    _mapping_arguments(known, yes="express", no="never-asked")
    known.set_defaults(run=run_simulate)


def _import_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    known = commands.add_parser("import", help="take a PMS export into the home (GUESTLOOP_HOME, default .guestloop)")
    known.add_argument("export", type=Path, help="a CSV file, plain or gzipped")
    known.add_argument("--rejects", type=Path, help="where refused rows go (default: <export>.rejects.csv)")
    _mapping_arguments(known, yes="unknown", no="refused")
    known.set_defaults(run=run_import)


def _mapping_arguments(known: argparse.ArgumentParser, *, yes: str, no: str) -> None:
    known.add_argument("--dates", action="append", default=[], metavar="COLUMN=dmy", help="the order of a date column")
    known.add_argument("--column", action="append", default=[], metavar="FIELD=HEADER", help="the column of a field")
    known.add_argument(
        "--place", action="append", default=[], metavar="PROPERTY=PT:Europe/Lisbon", help="where a property is"
    )
    known.add_argument("--yes", choices=CONSENT_MEANINGS, default=yes, help=f"what Y in a consent column means ({yes})")
    known.add_argument("--no", choices=CONSENT_MEANINGS, default=no, help=f"what N in a consent column means ({no})")


def run_simulate(given: argparse.Namespace) -> int:
    period = Period(given.first, given.last)
    with DayBar(period) as bar:
        result = simulate(
            readable(given.export),
            period,
            ledger_path=given.ledger,
            guests_path=given.guests,
            mapping=mapping_of(given),
            places=places_of(given),
            seed=given.seed,
            answers=given.answers == "seeded",
            broker=given.broker,
            progress=bar,
        )
    report_simulation(result)
    return 0


def run_import(given: argparse.Namespace) -> int:
    export = readable(given.export)
    rejects = given.rejects or export.with_name(export.name.removesuffix(".gz").removesuffix(".csv") + ".rejects.csv")
    with RowBar() as bar:
        done = bring(export, mapping_of(given), places_of(given), rejects=rejects, environment=os.environ, progress=bar)
    report_import(done, rejects)
    return 0


def run_demo(given: argparse.Namespace) -> int:
    demo(given.rows, os.environ)
    return 0


def mapping_of(given: argparse.Namespace) -> ImportMapping:
    return ImportMapping(
        columns=pairs(given.column, "--column"),
        dates={header: order_named(order) for header, order in pairs(given.dates, "--dates").items()},
        yes=CONSENT_MEANINGS[given.yes],
        no=CONSENT_MEANINGS[given.no],
    )


def places_of(given: argparse.Namespace) -> Places:
    split = {code: place.partition(":") for code, place in pairs(given.place, "--place").items()}
    return {code: (country, zone) for code, (country, _, zone) in split.items()}


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    split = [one.partition("=") for one in given]
    if wrong := [name for name, equals, value in split if not (name and equals and value)]:
        raise InputError(f"{option} reads NAME=VALUE, not {wrong[0]!r}")
    return {name: value for name, _, value in split}


def order_named(text: str) -> Order:
    try:
        return Order(text.lower())
    except ValueError as error:
        raise InputError(f"--dates: {text!r} is none of {', '.join(order.value for order in Order)}") from error


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day written YYYY-MM-DD") from error


def readable(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"there is no file {path}")
    return path
