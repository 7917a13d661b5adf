"""Tills ask whether a code may be used, and tell that it was: each request once, in the hotels of their key."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from services.messaging.config import Config
from services.messaging.service import SERVICE
from shared.clock import VirtualClock
from shared.vocabulary.grant import Grant
from shared.web.config import WebConfig
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, lisbon
from tests.messaging.offers.offering import message, move_in, offer, template
from tests.programs import Program, fields_of, program

USES = "/api/offers/redemptions"


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    made = Hotel(make_database("messaging"))
    made.hears(lisbon(), lisbon(code="SHA", zone="Asia/Shanghai", country="CN"))
    return made


def client(hotel: Hotel) -> FlaskClient:
    return SERVICE.build_web(Config(), hotel.database, VirtualClock(MONDAY), WebConfig()).test_client()


def till(hotel: Hotel, *grants: Grant, of: str = "LIS") -> Program:
    return program(hotel.database, client(hotel), *(grants or (Grant.OFFERS_REDEEM,)), hotel=of)


def given(hotel: Hotel) -> str:
    offer(hotel, count=2)
    move_in(hotel, ANA)
    template(hotel, "winter")
    hotel.hears(message(ANA))
    hotel.runs()
    return str(hotel.one("select shown from offer_taken join offer_code using (code)"))


def test_a_till_looks_at_a_code_and_uses_it(hotel: Hotel) -> None:
    code, shop = given(hotel), till(hotel)
    good = {"offer": "winter", "valid": True, "refusal": None, "used_on": None, "used_in": None}
    assert shop.ask("GET", f"/api/offers/codes/LIS/{code}").get_json() == good
    body = {"code": code, "property": "LIS", "amount": "99.90", "currency": "EUR"}
    assert shop.ask("POST", USES, body).get_json()["valid"] is True
    assert shop.ask("POST", USES, body).get_json()["refusal"] is None  # told twice, it is one use
    assert shop.ask("POST", USES, {**body, "amount": "10"}).get_json() == {
        "offer": "winter",
        "valid": False,
        "refusal": "used",
        "used_on": "2016-06-06",
        "used_in": "LIS",
    }
    assert hotel.one("select count(*) from offer_redemption") == 1
    (said,) = hotel.published("offer.redeemed.v1")
    assert (said["source"], said["guest_id"], said["amount"]) == ("api", str(ANA), "99.90")


def test_a_key_of_a_hotel_uses_codes_in_it_and_no_other(hotel: Hotel) -> None:
    code, shop = given(hotel), till(hotel)
    assert shop.ask("GET", f"/api/offers/codes/SHA/{code}").status_code == 404
    assert shop.ask("POST", USES, {"code": code, "property": "SHA"}).status_code == 404
    assert hotel.one("select count(*) from offer_redemption") == 0


def test_a_key_without_the_grant_is_refused(hotel: Hotel) -> None:
    shop = till(hotel, Grant.STAYS_READ)
    assert shop.ask("POST", USES, {"code": "X", "property": "LIS"}).status_code == 403


def test_what_is_wrong_in_a_body_is_named(hotel: Hotel) -> None:
    shop = till(hotel)
    assert fields_of(shop.ask("POST", USES, {})) == {"/code", "/property"}
    wrong = {"code": "X", "property": "LIS", "amount": "-1", "currency": "EURO", "redeemed_on": "soon"}
    assert fields_of(shop.ask("POST", USES, wrong)) == {"/amount", "/currency", "/redeemed_on"}
    tomorrow = {"code": "X", "property": "LIS", "redeemed_on": "2016-06-07"}
    assert fields_of(shop.ask("POST", USES, tomorrow)) == {"/redeemed_on"}
