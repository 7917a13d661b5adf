"""`guestloop provision`"""

from __future__ import annotations

import argparse
from pathlib import Path

from guestloop.operations.provision import provision
from guestloop.operations.rotate_keys import add_keys, use_newest_keys


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Make passwords, the key ring and what PostgreSQL and RabbitMQ need of them, a file each. "
        "What is there already stays. Back up the key ring apart from the databases."
    )
    known.add_argument("folder", type=Path, help="where the files shall be; it is made where it is missing")
    known.add_argument("--database-host", default="postgres:5432", metavar="HOST:PORT", help="(postgres:5432)")
    known.add_argument("--broker-host", default="rabbitmq:5672", metavar="HOST:PORT", help="(rabbitmq:5672)")
    replica = (
        "where pages read, if a standby follows the databases; else what stands there is kept (postgres-replica:5432)"
    )
    known.add_argument("--replica-host", metavar="HOST:PORT", help=replica)
    keys = known.add_mutually_exclusive_group()
    keys.add_argument("--add-key", action="store_true", help="a new sealing key that can open; restart every role then")
    keys.add_argument(
        "--use-key", action="store_true", help="the newest key seals from now on; restart every role again"
    )
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    if given.add_key or given.use_key:
        names = (add_keys if given.add_key else use_newest_keys)(given.folder)
        deed = "can open" if given.add_key else "seal"
        print(f"{', '.join(names)} {deed} once every role was restarted; back up the key ring")
        return 0
    hosts = {"database_host": given.database_host, "broker_host": given.broker_host}
    made = provision(given.folder, **hosts, replica_host=given.replica_host)
    print(f"made in {given.folder}: {', '.join(made) or 'nothing new'}; the definitions of the broker are up to date")
    return 0
