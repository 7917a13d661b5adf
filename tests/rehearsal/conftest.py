"""One house for all tests here: it takes a while to be played."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rehearsal.house import House, house


@pytest.fixture(scope="package")
def a_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("rehearsal")) as made:
        yield made
