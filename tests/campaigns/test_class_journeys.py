"""A ready journey for each class of RFM: taken from the page of classes, with the template that it sends."""

from __future__ import annotations

import json

import pytest

from services.campaigns.schemas import validated
from services.campaigns.shipped.classes import NAMES, TEMPLATES, class_journey
from shared.database.pool import Database
from shared.errors import NotFound
from tests.campaigns.test_pages_journeys import AT, as_, database
from tests.web import words

__all__ = ["database"]


@pytest.mark.parametrize("code", TEMPLATES)
def test_each_class_has_a_journey_that_may_be_published(code: str) -> None:
    document = class_journey(code)
    assert validated(document) == document
    assert document["entry"]["audience"] == f"rfm-{code}" and document["name"] == NAMES[code]


def test_a_class_that_is_not_known_has_none() -> None:
    with pytest.raises(NotFound):
        class_journey("xyz")


def test_it_begins_as_a_draft_and_asks_for_its_template(database: Database) -> None:
    person = as_(database)
    asked = person.get(f"{AT}/new?rfm=lhh")
    assert 'value="Calling back the best guests"' in asked.get_data(as_text=True)
    person.post(AT, {"rfm": "lhh", "name": "Calling back", "key": "calling-back"})
    assert "Calling back" in words(person.get(f"{AT}/calling-back/edit"))
    with database.transaction() as tx:
        ((body,),) = tx.execute("select body from outbox where type = 'journey.begun.v1'").fetchall()
    assert json.loads(bytes(body))["templates"] == [["win-back-offer"]]
