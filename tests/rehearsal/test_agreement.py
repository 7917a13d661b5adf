"""A rehearsal says line by line what a house does over days in which nothing arrives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.rehearsal.house import NOW, House, house

DAYS = 60


@pytest.fixture(scope="module")
def a_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("rehearsal")) as made:
        yield made


def test_a_rehearsal_agrees_with_what_really_happens(a_house: House) -> None:
    rehearsed = a_house.rehearsed(a_house.rehearse(DAYS))
    a_house.play_on(NOW + timedelta(days=DAYS))
    happened = a_house.ledger(NOW)
    print(Counter((line["journey"], line["state"], line["reason"]) for line in happened))
    assert rehearsed == happened
