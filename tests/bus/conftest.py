"""The bus under each of its publishers, on databases that hold the bus's tables and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from psycopg import sql

from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from tests.bus.buses import Bus, HostileBus, MailboxBus, RabbitBus
from tests.bus.toy import NOON
from tests.conftest import execute

BareDatabase = Callable[[str], Database]
numbers = count(1)


@pytest.fixture(scope="session")
def bare_template(cluster: EmbeddedPostgres) -> str:
    execute(cluster, sql.SQL("create database {}").format(sql.Identifier("template_bus")))
    migrate(cluster.admin_dsn("template_bus"), [SHARED_MIGRATIONS], NOON)
    return "template_bus"


@pytest.fixture
def bare_database(cluster: EmbeddedPostgres, keyring: KeyRing, bare_template: str) -> Iterator[BareDatabase]:
    """`bare_database("segments")`: a fresh database of that service with the bus's tables only."""
    made: list[tuple[Database, sql.Identifier]] = []

    def make(service: str) -> Database:
        name = f"bus_{service}_{next(numbers)}"
        copy = sql.SQL("create database {} template {} strategy file_copy")
        execute(cluster, copy.format(sql.Identifier(name), sql.Identifier(bare_template)))
        database = Database(cluster.admin_dsn(name), service=service, keyring=keyring)
        made.append((database, sql.Identifier(name)))
        return database

    yield make
    for database, name in made:
        database.close()
        execute(cluster, sql.SQL("drop database {} with (force)").format(name))


@pytest.fixture(params=["mailbox", "hostile", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def bus(request: pytest.FixtureRequest, bare_database: BareDatabase) -> Iterator[Bus]:
    segments, campaigns = bare_database("segments"), bare_database("campaigns")
    made: Bus
    if request.param == "rabbitmq":
        made = RabbitBus(segments, campaigns, request.getfixturevalue("rabbitmq").url)
    else:
        made = {"mailbox": MailboxBus, "hostile": HostileBus}[request.param](segments, campaigns)
    yield made
    made.close()


@pytest.fixture
def mailbox_bus(bare_database: BareDatabase) -> Iterator[MailboxBus]:
    made = MailboxBus(bare_database("segments"), bare_database("campaigns"))
    yield made
    made.close()
