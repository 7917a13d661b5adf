"""What guests spent, told by programs: each line once, of somebody who is known, in its own currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.money.rates import enter_rates
from services.segments.config import Config
from services.segments.rules.money.rates import Rate
from services.segments.service import SERVICE
from shared.database.pool import Database
from shared.vocabulary.grant import Grant
from tests.cast import FILIPA, NOW
from tests.programs import Program, fields_of, program
from tests.segments.rows import rows_of
from tests.segments.test_api_guests import GUEST, client, put, shop
from tests.web import browser, words

__all__ = ["client", "shop"]
DINNER = {"outlet": "Restaurant", "amount": "48.50", "currency": "EUR", "day": "2026-11-20"}
NOBODY = "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7"
LINES = "/api/spend/lines?source=till"


@pytest.fixture
def guest(shop: Program) -> str:
    return str(put(shop).get_json()["guest_id"])


def spend(shop: Program, number: str = "B-1", place: str = "LIS", source: str = "till", **said: Any) -> TestResponse:
    return shop.ask("PUT", f"/api/spend/{source}/{place}/{number}", {**DINNER, **said})


def of(shop: Program, guest: str) -> list[str]:
    return sorted(one["number"] for one in shop.ask("GET", f"/api/spend?guest={guest}").get_json()["items"])


def test_a_line_is_made_once_and_a_later_statement_replaces_it(shop: Program, database: Database, guest: str) -> None:
    made, again = spend(shop, guest=guest), spend(shop, guest=guest)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.get_json() == again.get_json()
    assert (made.get_json()["outlet"], made.get_json()["amount"]) == ("restaurant", "48.50")
    later = spend(shop, guest=guest, amount="-3", outlet="spa")
    assert (later.status_code, later.get_json()["amount"]) == (200, "-3")
    assert rows_of(database, "select count(*) from spend") == [(1,)]


def test_whose_it_is_must_be_known(shop: Program, guest: str) -> None:
    stay = shop.ask("GET", "/api/stays").get_json()["items"][0]["id"]
    assert fields_of(spend(shop)) == {""}
    assert fields_of(spend(shop, guest=guest, stay=stay)) == {""}
    assert fields_of(spend(shop, guest=NOBODY)) == {"/guest"}
    assert fields_of(spend(shop, stay=NOBODY)) == {"/stay"}
    assert fields_of(spend(shop, reservation="R-1")) == {"/stay"}  # of the till, which told of no stay
    assert spend(shop, source="shop", reservation="R-1").get_json()["guest_id"] == guest
    assert spend(shop, "B-2", stay=stay).get_json()["guest_id"] == guest


def test_every_problem_names_its_field(shop: Program, guest: str) -> None:
    assert fields_of(spend(shop, place="ZZZ", guest=guest)) == {"property"}
    assert fields_of(spend(shop, guest=guest, outlet=" ")) == {"/outlet"}
    assert fields_of(spend(shop, guest=guest, amount="1.005")) == {"/amount"}
    assert fields_of(spend(shop, guest=guest, amount="NaN", currency="€", day="today")) == {
        "/amount", "/currency", "/day"
    }  # fmt: skip
    assert fields_of(spend(shop, guest=guest, colour="red")) == {"/colour"}


def test_a_key_of_one_hotel_neither_sends_nor_reads_anothers(
    shop: Program, database: Database, client: FlaskClient, guest: str
) -> None:
    spend(shop, guest=guest)
    other = program(database, client, hotel="SHA")
    assert other.ask("GET", f"/api/spend?guest={guest}").get_json()["items"] == []
    assert fields_of(spend(other, guest=guest)) == {"property"}
    assert fields_of(spend(other, place="SHA", guest=guest)) == {"/guest"}
    reads = program(database, client, Grant.SPEND_READ)
    assert spend(reads, guest=guest).status_code == reads.ask("POST", LINES, {}).status_code == 403


def test_lines_are_answered_one_by_one_and_may_be_sent_again(shop: Program, guest: str) -> None:
    line = {**DINNER, "property": "LIS", "guest": guest}
    said = [
        {**line, "number": "1"}, b"no json", {**line, "number": "2", "guest": None},
        {**line, "number": "3", "property": "ZZZ"}, {**line, "number": "4", "guest": NOBODY},
        {**line, "number": "5", "amount": "7"}, {**line, "number": "5", "amount": "8"},
    ]  # fmt: skip
    first = shop.send_lines(LINES, *said)
    assert [one["outcome"] for one in first] == ["made", "refused", "refused", "refused", "refused", "made", "made"]
    assert [list(one["errors"]) for one in first] == [[], [""], [""], ["/property"], ["/guest"], [], []]
    again = shop.send_lines(LINES, *said)
    assert [one["outcome"] for one in again if one["outcome"] != "refused"] == ["unchanged"] * 3
    assert {one["number"]: one["amount"] for one in shop.ask("GET", "/api/spend").get_json()["items"]} == {
        "1": "48.50", "5": "8"
    }  # fmt: skip
    assert len(shop.ask("GET", "/api/spend?limit=1").get_json()["items"]) == 1
    assert fields_of(shop.ask("POST", "/api/spend/lines", {})) == {"source"}


def test_the_guests_page_adds_by_outlet_in_the_hotels_currency(shop: Program, database: Database, guest: str) -> None:
    for number, said in enumerate((
        {}, {"amount": "1.50"}, {"outlet": "SPA", "amount": "10", "currency": "USD"},
        {"outlet": "bar", "amount": "900", "currency": "JPY"},
    )):  # fmt: skip
        spend(shop, f"B-{number}", guest=guest, **said)
    with database.transaction() as tx:
        enter_rates(tx, [Rate("USD", "EUR", date(2026, 11, 1), Decimal("0.9"), "by hand")], NOW, "Ada")
    page = words(browser(SERVICE.build_web, Config(), database, FILIPA).get(f"/segments/guests/{guest}"))
    assert "Restaurant €50.00" in page
    assert "Spa €9.00" in page
    assert "Bar 1 line is not counted: no rate" in page


def test_lines_follow_the_guest_by_merge_and_back_and_the_stay(shop: Program, database: Database, guest: str) -> None:
    other = put(shop, "R-2", guest={**GUEST, "given_name": "Leo", "family_name": "Brandt", "birth_date": None})
    leo = other.get_json()["guest_id"]
    spend(shop, "of-guest", guest=guest)
    spend(shop, "of-stay", source="shop", reservation="R-1")
    spend(shop, "of-leo", guest=leo)
    with database.transaction() as tx:
        merge_guests(tx, UUID(guest), UUID(leo), "Ada", NOW)
    assert of(shop, leo) == ["of-guest", "of-leo", "of-stay"]
    assert spend(shop, "since", guest=guest).get_json()["guest_id"] == leo  # told of by the old number
    with database.transaction() as tx:
        unmerge_guest(tx, UUID(guest), "Ada", NOW)
    assert of(shop, guest) == ["of-guest", "of-stay"]
    assert of(shop, leo) == ["of-leo", "since"]


def test_they_go_with_an_erased_guest_and_do_not_come_back(shop: Program, database: Database, guest: str) -> None:
    spend(shop, "1", guest=guest)
    spend(shop, "2", source="shop", reservation="R-1")
    with database.transaction() as tx:
        erase_guest(tx, UUID(guest), "Ada", NOW, lambda _: None)
    assert rows_of(database, "select count(*) from spend") == [(0,)]
    assert fields_of(spend(shop, "1", guest=guest)) == {"/guest"}
    assert fields_of(spend(shop, "2", source="shop", reservation="R-1")) == {"/stay"}
