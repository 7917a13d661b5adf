"""Consents for programs: with proof, confirmed where the country asks, each request once, of the key's hotels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.messaging.config import Config
from services.messaging.service import SERVICE
from shared.clock import VirtualClock
from shared.vocabulary.grant import Grant
from shared.web.config import WebConfig
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, email, guest, lisbon
from tests.programs import Program, fields_of, program

PATH = f"/api/consents/{ANA}"
AGREED = {
    "channel": "email",
    "purpose": "marketing",
    "said_at": "2016-06-06T09:00:00Z",
    "place": "the shop's page",
    "words": "Yes, send me your offers.",
}


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return opened(make_database, "PT")


def opened(make_database: MakeDatabase, country: str) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    points = [email(hotel.keyring, "ana@example.com")]
    hotel.hears(lisbon(), guest(points=points, consents=[], country=country))
    return hotel


def client(hotel: Hotel) -> FlaskClient:
    return SERVICE.build_web(Config(), hotel.database, VirtualClock(MONDAY), WebConfig()).test_client()


def shop(hotel: Hotel, *grants: Grant, of: str = "") -> Program:
    return program(hotel.database, client(hotel), *grants, hotel=of)


def state(hotel: Hotel) -> Any:
    return hotel.one("select max(state) from consent where channel = 'email' and purpose = 'marketing'")


def test_a_consent_is_recorded_with_its_proof_read_and_withdrawn(hotel: Hotel) -> None:
    program = shop(hotel)
    assert program.ask("POST", PATH, AGREED).get_json() == {"state": "counts"}
    (told,) = [one for one in program.ask("GET", PATH).get_json()["items"] if one["purpose"] == "marketing"]
    assert (told["state"], told["said_at"]) == ("express", "2016-06-06T09:00:00+00:00")
    ends = {"channel": "email", "purpose": "marketing"}
    assert program.ask("POST", f"{PATH}/withdrawals", ends).get_json() == {"state": "counts"}
    assert state(hotel) == "withdrawn"
    assert program.ask("POST", PATH, AGREED).get_json() == {"state": "overtaken"}  # what came first comes late


def test_where_the_country_asks_the_guest_confirms_it_first(make_database: MakeDatabase) -> None:
    hotel = opened(make_database, "DE")
    assert shop(hotel).ask("POST", PATH, AGREED).get_json() == {"state": "asked_to_confirm"}
    assert state(hotel) == "pending"


def test_the_same_request_again_is_answered_as_the_first(hotel: Hotel) -> None:
    program = shop(hotel)
    for _ in range(2):
        assert program.ask("POST", PATH, AGREED, Idempotency_Key="c1").get_json() == {"state": "counts"}
    assert hotel.one("select count(*)::int from consent_ledger") == 1
    assert program.ask("POST", PATH, {**AGREED, "words": "Other."}, Idempotency_Key="c1").status_code == 409


def test_a_consent_without_proof_or_of_tomorrow_is_refused_by_its_field(hotel: Hotel) -> None:
    program = shop(hotel)
    bare = {"channel": "pigeon", "purpose": "marketing", "said_at": "2016-06-06"}
    assert fields_of(program.ask("POST", PATH, bare)) == {"/channel", "/said_at", "/place", "/words"}
    tomorrow = (MONDAY + timedelta(days=1)).isoformat()
    assert fields_of(program.ask("POST", PATH, {**AGREED, "said_at": tomorrow})) == {"/said_at"}


def test_what_no_consent_is_asked_for_is_neither_allowed_nor_withdrawn(hotel: Hotel) -> None:
    for path, said in ((PATH, AGREED), (f"{PATH}/withdrawals", {"channel": "email"})):
        assert fields_of(shop(hotel).ask("POST", path, {**said, "purpose": "stay_service"})) == {"/purpose"}


def test_a_key_reads_or_writes_consents_of_its_hotels_as_it_is_granted(hotel: Hotel) -> None:
    assert shop(hotel, Grant.CONSENTS_READ).ask("POST", PATH, AGREED).status_code == 403
    assert shop(hotel, Grant.CONSENTS_WRITE).ask("GET", PATH).status_code == 403
    elsewhere = shop(hotel, of="SHA")
    assert elsewhere.ask("GET", PATH).status_code == 404
    assert elsewhere.ask("POST", PATH, AGREED).status_code == 404
    assert elsewhere.ask("POST", f"{PATH}/withdrawals", {"channel": "sms", "purpose": "marketing"}).status_code == 404
    assert state(hotel) is None


def test_the_description_names_every_route(hotel: Hotel) -> None:
    described = client(hotel).get("/api/consents/openapi.json").get_json()
    assert set(described["paths"]) == {
        *("/api/consents/{guest_id}", "/api/consents/{guest_id}/withdrawals"),
        *("/api/offers/codes/{property}/{code}", "/api/offers/redemptions"),
    }
