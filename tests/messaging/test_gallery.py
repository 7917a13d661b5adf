"""The ready templates: sixteen, each in six languages, and sound as they stand."""

from __future__ import annotations

import pytest

from services.messaging.library.advice import advice
from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.library.gallery import gallery
from services.messaging.pages.templates.routes import GALLERY
from services.messaging.store.templates.drafts import draft
from tests.cast import MARTA
from tests.conftest import MakeDatabase
from tests.messaging.pages_cast import house, looking
from tests.messaging.words import LANGUAGES
from tests.web import words


def test_there_are_seventeen_and_the_page_names_each() -> None:
    assert len(gallery()) == 17 and set(gallery()) == set(GALLERY)


@pytest.mark.parametrize("key", GALLERY)
def test_each_can_be_published_in_six_languages_and_nothing_is_to_be_looked_at(key: str) -> None:
    template = read_template(gallery()[key].document, version=1)
    check(template)
    assert tuple(sorted(template.locales)) == LANGUAGES
    assert {place: str(problem) for place, problem in advice(template).items() if problem.code != "dear_letters"} == {}


def test_a_new_template_begins_as_a_ready_one_and_becomes_the_houses_own(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    asked = {"name": "Our welcome mat", "purpose": "marketing", "language": "de", "begins_as": "pre-arrival"}
    marta = looking(hotel, MARTA)
    assert "Close to the next tier" in words(marta.get("/messaging/templates/new"))
    assert "A draft. No journey can send it" in words(marta.post("/messaging/templates", asked))
    with hotel.database.glance() as tx:
        begun = draft(tx, "our-welcome-mat")
    assert begun
    document = begun.document
    assert document["purpose"] == "stay_service" and tuple(sorted(document["locales"])) == LANGUAGES
    assert document["name"] == "Our welcome mat" and gallery()["pre-arrival"].document["name"] == "Before the arrival"
