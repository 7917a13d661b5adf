"""`guestloop simulate`"""

from __future__ import annotations

import argparse
from pathlib import Path

from guestloop.cli.arguments import day, mapping_arguments, mapping_of, places_of, readable, rejects_beside
from guestloop.cli.report import DayBar, report_simulation
from guestloop.simulation.simulate import Period, simulate


def add(known: argparse.ArgumentParser) -> None:
    known.add_argument("export", type=Path, help="a CSV file or a workbook, plain, gzipped or in an archive")
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
    known.add_argument("--rejects", type=Path, help="where refused rows go (default: <export>.rejects.csv)")
    mapping_arguments(known, yes="express", no="never-asked")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    period = Period(given.first, given.last)
    rejects = given.rejects or rejects_beside(given.export)
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
            rejects=rejects,
        )
    report_simulation(result, rejects)
    return 0
