"""Points and tier, told by a programme: the newest counts, whenever it comes, and stands before reservations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.guests.erase import erase_guest
from services.segments.config import Config
from services.segments.service import SERVICE
from shared.database.pool import Database
from shared.vocabulary.grant import Grant
from tests.cast import FILIPA, NOW
from tests.programs import Program, fields_of, program
from tests.segments.rows import rows_of
from tests.segments.test_api_guests import GUEST, client, put, shop
from tests.web import browser, words

__all__ = ["client", "shop"]
GOLD = {"programme": "Nights", "number": "N-7", "tier": "gold", "points": "12300", "as_of": "2026-11-20T12:00:00Z"}


@pytest.fixture
def guest(shop: Program) -> str:
    return str(put(shop, guest={**GUEST, "tier": "silver"}).get_json()["guest_id"])


def tell(shop: Program, guest: str, **changed: Any) -> TestResponse:
    return shop.ask("PUT", f"/api/guests/{guest}/membership", {**GOLD, **changed})


def tier(shop: Program, guest: str) -> str | None:
    found: str | None = shop.ask("GET", f"/api/guests/{guest}").get_json()["tier"]
    return found


def test_the_newest_statement_counts_whenever_it_comes(shop: Program, guest: str) -> None:
    assert tier(shop, guest) == "silver"
    told = tell(shop, guest).get_json()
    assert (told["tier"], told["membership"]["points"], told["version"]) == ("gold", "12300.00", 2)
    assert tell(shop, guest).get_json() == told
    late = tell(shop, guest, tier="bronze", points="1", as_of="2026-11-19T12:00:00Z")
    assert (late.status_code, late.get_json()) == (200, told)
    newer = tell(shop, guest, tier=None, points="5", as_of="2026-11-21T11:00:00Z").get_json()
    assert (newer["tier"], newer["membership"]["tier"], newer["version"]) == (None, None, 3)
    listed = shop.ask("GET", "/api/guests").get_json()["items"][0]
    assert listed["membership"] == newer["membership"]


def test_it_stands_before_what_reservations_state(shop: Program, database: Database, guest: str) -> None:
    tell(shop, guest)
    put(shop, "R-2", status_date="2026-11-21", booked_on="2026-11-21", guest={**GUEST, "tier": "platinum"})
    assert tier(shop, guest) == "gold"
    assert rows_of(database, "select heard ->> 'tier' from guest") == [("platinum",)]
    assert rows_of(database, "select tier from guest_facts") == [("gold",)]
    tell(shop, guest, tier="black", as_of="2026-11-21T11:00:00Z")
    assert rows_of(database, "select tier, heard ->> 'tier' from guest") == [("black", "platinum")]


def test_merged_guests_have_the_newer_one_and_their_own_again(shop: Program, guest: str, database: Database) -> None:
    other = put(shop, "R-2", guest={**GUEST, "given_name": "Leo", "family_name": "Brandt", "birth_date": None})
    leo = other.get_json()["guest_id"]
    tell(shop, guest)
    tell(shop, leo, tier="bronze", number="N-8", as_of="2026-11-19T12:00:00Z")
    with database.transaction() as tx:
        merge_guests(tx, UUID(guest), UUID(leo), "Ada", NOW)
    assert tier(shop, leo) == "gold"
    assert tell(shop, guest, tier="black", as_of="2026-11-21T11:00:00Z").get_json()["id"] == leo
    with database.transaction() as tx:
        unmerge_guest(tx, UUID(guest), "Ada", NOW)
    assert (tier(shop, guest), tier(shop, leo)) == ("gold", "black")  # what came since stays with the survivor


def test_every_problem_names_its_field_and_other_hotels_guests_are_not_there(
    shop: Program, database: Database, client: FlaskClient, guest: str
) -> None:
    assert fields_of(tell(shop, guest, as_of="2026-12-01T00:00:00Z")) == {"/as_of"}
    assert fields_of(tell(shop, guest, as_of="2026-11-20T12:00:00", points="many", colour="red")) == {
        "/as_of", "/points", "/colour"
    }  # fmt: skip
    assert tell(program(database, client, hotel="SHA"), guest).status_code == 404
    assert tell(program(database, client, Grant.GUESTS_WRITE), guest).status_code == 403
    assert rows_of(database, "select count(*) from loyalty") == [(0,)]


def test_it_is_shown_and_goes_with_an_erased_guest(shop: Program, database: Database, guest: str) -> None:
    tell(shop, guest)
    page = words(browser(SERVICE.build_web, Config(), database, FILIPA).get(f"/segments/guests/{guest}"))
    assert "gold · points: 12,300 Nights · N-7" in page
    assert "told another tier" in page
    with database.transaction() as tx:
        erase_guest(tx, UUID(guest), "Ada", NOW, lambda _: None)
    assert rows_of(database, "select count(*) from loyalty") == [(0,)]
    assert tell(shop, guest).status_code == 404
