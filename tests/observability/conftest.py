from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.observability.installation import Installation, MortalPostgres
from tests.rabbit import RabbitNode


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalPostgres]:
    """A server of these tests' own: it dies in them."""
    made = MortalPostgres(tmp_path_factory.mktemp("mortal"), durable=False)
    with made:
        yield made


@pytest.fixture(scope="package")
def whole(
    server: MortalPostgres, rabbitmq: RabbitNode, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    made = Installation(server, rabbitmq.url, tmp_path_factory.mktemp("installation"))
    yield made
    made.close()


@pytest.fixture
def installation(whole: Installation, tmp_path: Path) -> Iterator[Installation]:
    """The installation, without a role at work."""
    whole.folder = tmp_path
    whole.started = []
    whole.declare_empty()
    yield whole
    for role in whole.started:
        role.close()
