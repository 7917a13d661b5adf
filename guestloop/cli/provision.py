"""`guestloop provision`"""

from __future__ import annotations

import argparse
from pathlib import Path

from guestloop.cli.arguments import Commands
from guestloop.provision import provision


def add(commands: Commands) -> None:
    known = commands.add_parser(
        "provision",
        help="make the secrets of a server installation",
        description="Make passwords, the key ring and what PostgreSQL and RabbitMQ are told of them, a file each. "
        "What is there already stays. Back up the key ring apart from the databases.",
    )
    known.add_argument("folder", type=Path, help="where the files shall be; it is made where it is missing")
    known.add_argument("--database-host", default="postgres:5432", metavar="HOST:PORT", help="(postgres:5432)")
    known.add_argument("--broker-host", default="rabbitmq:5672", metavar="HOST:PORT", help="(rabbitmq:5672)")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    made = provision(given.folder, database_host=given.database_host, broker_host=given.broker_host)
    print(f"made in {given.folder}: {', '.join(made) or 'nothing new'}; the definitions of the broker are up to date")
    return 0
