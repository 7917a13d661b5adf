"""The bus under each of its publishers, on databases that hold the bus's tables and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from shared.database.pool import Database
from tests.bus.buses import Bus, HostileBus, MailboxBus, RabbitBus
from tests.databases import Lending

BareDatabase = Callable[[str], Database]


@pytest.fixture
def bare_database(lending: Lending) -> Iterator[BareDatabase]:
    """`bare_database("segments")`: a database of that service with the bus's tables only."""
    with lending.of_one_test() as make:
        yield partial(make, bare=True)


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
