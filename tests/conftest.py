"""What every test may ask for: a PostgreSQL, a fresh database of a service, a key ring, a RabbitMQ."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from tests.rabbit import RabbitNode, why_not

SERVICES = Path(__file__).parent.parent / "services"
BROWSER = Path(__file__).parent / "browser"
MIGRATED_AT = datetime(2015, 1, 1, tzinfo=UTC)
KEYS = "index=aW5kZXgta2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGU=,k1=c2VhbGluZy1rZXktZm9yLXRlc3RzLTMyLWJ5dGVzLS0="

# a busy machine is no failure, and what CI finds is found again
settings.register_profile("guestloop", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
settings.load_profile("guestloop")

MakeDatabase = Callable[[str], Database]


@pytest.hookimpl(tryfirst=True)  # before xdist looks for the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has all tests of the RabbitMQ node, one all in the browser: one node, one installation to look at."""
    for item in items:
        if item.get_closest_marker("rabbitmq"):
            item.add_marker(pytest.mark.xdist_group("rabbitmq"))
        elif item.path.is_relative_to(BROWSER):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where `CI` is set, a skip is a failure; only absent data is an excuse."""
    report = yield
    excused = hasattr(report, "wasxfail") or item.get_closest_marker("data") is not None
    if report.skipped and os.environ.get("CI") and not excused:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def keyring() -> KeyRing:
    return KeyRing.parse(KEYS)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of this test run (of this worker, where several run), gone afterwards."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def template(cluster: EmbeddedPostgres) -> Callable[[str], str]:
    """The name of a service's migrated database, made once, that tests are given copies of."""
    made: dict[str, str] = {}

    def of(service: str) -> str:
        if service not in made:
            name = f"template_{service}"
            for statement in ("drop database if exists {}", "create database {}"):
                execute(cluster, sql.SQL(statement).format(sql.Identifier(name)))
            folders = [SHARED_MIGRATIONS, SERVICES / service / "migrations"]
            migrate(cluster.admin_dsn(name), folders, MIGRATED_AT)
            made[service] = name
        return made[service]

    return of


numbers = count(1)


@pytest.fixture
def make_database(
    cluster: EmbeddedPostgres, keyring: KeyRing, template: Callable[[str], str]
) -> Iterator[MakeDatabase]:
    """`make_database("segments")`: a fresh, migrated database of that service, dropped after the test."""
    made: list[tuple[Database, str]] = []

    def make(service: str) -> Database:
        name = f"test_{service}_{next(numbers)}"
        copy = sql.SQL("create database {} template {} strategy file_copy")
        execute(cluster, copy.format(sql.Identifier(name), sql.Identifier(template(service))))
        database = Database(make_conninfo(cluster.admin_dsn(name)), service=service, keyring=keyring)
        made.append((database, name))
        return database

    yield make
    for database, name in made:
        database.close()
        execute(cluster, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def execute(cluster: EmbeddedPostgres, statement: sql.Composed) -> None:
    with psycopg.connect(cluster.admin_dsn(), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitNode]:
    """A running RabbitMQ node of this test run; a test that kills it starts it again."""
    if reason := why_not():
        pytest.skip(reason)
    node = RabbitNode(tmp_path_factory.mktemp("rabbitmq"))
    try:
        node.start()
        yield node
    finally:
        node.stop()
