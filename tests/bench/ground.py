"""What benchmarks stand on: databases on a PostgreSQL that keeps what it says it keeps, a RabbitMQ, and how to tell."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from tests.rabbit import RabbitNode

ROOT = Path(__file__).parents[2]
BEFORE = datetime(2015, 1, 1, tzinfo=UTC)
Make = Callable[[str], Database]


@contextmanager
def databases(keys: str | None = None, *, own: bool = True) -> Iterator[Make]:
    """Databases of services, with the bus's tables and, where wanted, their own."""
    keyring = KeyRing.parse(keys or KeyRing.fresh())
    made: list[Database] = []
    with TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder), durable=True) as server:

        def make(service: str) -> Database:
            name = f"bench_{service}_{len(made)}"
            server.create_databases([name])
            folders = [SHARED_MIGRATIONS, *([ROOT / "services" / service / "migrations"] if own else [])]
            migrate(server.admin_dsn(name), folders, BEFORE)
            made.append(Database(server.admin_dsn(name), service=service, keyring=keyring))
            return made[-1]

        try:
            yield make
        finally:
            for database in made:
                database.close()


@contextmanager
def rabbit() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        node = RabbitNode(Path(folder))
        node.start()
        try:
            yield node.url
        finally:
            node.stop()


def rate(what: str, count: int, work: Callable[[], object], unit: str = "messages") -> float:
    """Does the work, tells how much of it a second, and returns that."""
    start = perf_counter()
    work()
    return tell(what, count / (perf_counter() - start), unit)


def tell(what: str, value: float, unit: str) -> float:
    print(f"{what:58} {value:12,.0f} {unit}/s", flush=True)
    return value


def count_given(default: int) -> int:
    """The first word of the command line, as a number."""
    return int(sys.argv[1]) if len(sys.argv) > 1 else default
