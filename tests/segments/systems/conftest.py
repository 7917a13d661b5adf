"""Apaleo's contract, served on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.segments.systems.apaleo import ApaleoContract
from tests.segments.systems.contract import served


@pytest.fixture
def apaleo() -> Iterator[ApaleoContract]:
    contract = ApaleoContract()
    with served(contract):
        yield contract
