"""What a ready journey sends is brought from the gallery: published, or a draft where somebody has to look first."""

from __future__ import annotations

from typing import Any

from services.messaging.commands.templates.four_eyes import choose_rule
from services.messaging.library.gallery import gallery
from services.messaging.queries.templates.versions import one
from services.messaging.store.templates.drafts import draft
from shared.access.people import Person
from shared.events.campaigns import JourneyBegun
from tests.cast import MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel
from tests.messaging.pages_cast import house, looking


def begun(*templates: str) -> JourneyBegun:
    return JourneyBegun(journey="departure", version=1, templates=list(templates), begun_at=NOW, by="Marta Marques")


def versions(hotel: Hotel, *keys: str) -> dict[str, Any]:
    with hotel.database.glance() as tx:
        return {key: (found.version if (found := one(tx, key)) else None) for key in keys}


def test_it_is_published_once_and_what_the_house_wrote_is_left_as_it_is(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    hotel.hears(begun("departure", "in-stay"))
    hotel.hears(begun("departure"))
    assert versions(hotel, "departure", "in-stay", "festival") == {"departure": 1, "in-stay": 1, "festival": None}
    marta = looking(hotel, MARTA)
    marta.get("/messaging/templates/new")
    marta.post("/messaging/templates", {"name": "Festival", "purpose": "marketing", "language": "de", "begins_as": ""})
    hotel.hears(begun("festival"))
    assert versions(hotel, "festival") == {"festival": 0}
    with hotel.database.glance() as tx:
        written = draft(tx, "festival")
    assert written and list(written.document["locales"]) == ["de"]


def test_where_a_second_person_has_to_look_or_an_offer_to_be_chosen_it_is_a_draft(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    hotel.hears(begun("win-back-offer"))
    with hotel.database.transaction() as tx:
        choose_rule(tx, needs_approval=True, by=Person(MARTA.person_id, MARTA.name, MARTA.role, frozenset()), at=NOW)
    hotel.hears(begun("departure", "unheard-of"))
    assert versions(hotel, "win-back-offer", "departure", "unheard-of") == {
        "win-back-offer": 0,
        "departure": 0,
        "unheard-of": None,
    }
    with hotel.database.glance() as tx:
        begun_as = draft(tx, "departure")
    assert begun_as and begun_as.document == gallery()["departure"].document and begun_as.edited_by == "Marta Marques"
