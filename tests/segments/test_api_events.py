"""What hotels' own systems tell of guests: once for each id, of somebody who is known, in plain values."""

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
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.service import SERVICE
from shared.database.pool import Database
from shared.vocabulary.grant import Grant
from tests.cast import FILIPA, NOW
from tests.harness import ServiceHarness
from tests.programs import Program, fields_of, program
from tests.segments.rows import rows_of
from tests.segments.test_api_guests import GUEST, client, put, shop
from tests.web import browser, words

__all__ = ["client", "shop"]
SPA = {"id": "T-1", "name": "spa.booked", "at": "2026-11-20T15:00:00Z", "property": "LIS",
       "values": {"treatment": "massage", "minutes": 50, "for_two": False}}  # fmt: skip
NOBODY = "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7"


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


@pytest.fixture
def guest(shop: Program) -> str:
    return str(put(shop).get_json()["guest_id"])


def tell(shop: Program, **said: Any) -> TestResponse:
    return shop.ask("POST", "/api/events", {**SPA, **said})


def told(database: Database) -> list[tuple[str, str]]:
    return [(one["name"], one["guest_id"]) for one in Segments(database).published("guest.event.v1")]


def test_an_event_is_kept_and_published_once(shop: Program, database: Database, guest: str) -> None:
    first, again = tell(shop, guest=guest), tell(shop, guest=guest)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    (said,) = Segments(database).published("guest.event.v1")
    assert (said["event_id"], said["guest_id"]) == (first.get_json()["event_id"], guest)
    assert (said["name"], said["details"], said["stay_id"]) == ("spa.booked", SPA["values"], None)
    assert tell(shop, guest=guest, name="spa.left").status_code == 409
    assert tell(shop, guest=guest, id="T-2").status_code == 201
    assert len(told(database)) == 2


def test_of_a_stay_it_is_whoever_has_the_stay(shop: Program, database: Database, guest: str) -> None:
    stay = shop.ask("GET", "/api/stays").get_json()["items"][0]["id"]
    assert tell(shop, stay=stay).status_code == 201
    assert told(database) == [("spa.booked", guest)]


def test_every_problem_names_its_field(shop: Program, database: Database, guest: str) -> None:
    assert fields_of(tell(shop)) == {""}
    assert fields_of(tell(shop, guest=NOBODY)) == {"/guest"}
    assert fields_of(tell(shop, stay=NOBODY)) == {"/stay"}
    assert fields_of(tell(shop, guest=guest, property="ZZZ")) == {"/property"}
    assert fields_of(tell(shop, guest=guest, at="2026-11-22T00:00:00Z")) == {"/at"}
    assert fields_of(tell(shop, guest=guest, name="Spa", id="", colour="red")) == {"/name", "/id", "/colour"}
    assert fields_of(tell(shop, guest=guest, name="spa.booked\n")) == {"/name"}
    for value in ([1], {"a": 1}, "x" * 400, "a\x00", 2**60):
        assert fields_of(tell(shop, guest=guest, values={"what": value})) == {"/values/what"}, value
    assert fields_of(tell(shop, guest=guest, values={str(one): 1 for one in range(21)})) == {"/values"}
    assert told(database) == []


def test_a_key_of_one_hotel_tells_nothing_of_anothers_guest(
    database: Database, client: FlaskClient, guest: str
) -> None:
    other = program(database, client, hotel="SHA")
    assert fields_of(tell(other, guest=guest)) == {"/property"}
    assert fields_of(tell(other, guest=guest, property="SHA")) == {"/guest"}
    assert tell(program(database, client, Grant.GUESTS_WRITE), guest=guest).status_code == 403


def test_the_story_shows_it_and_it_goes_with_an_erased_guest(shop: Program, database: Database, guest: str) -> None:
    tell(shop, guest=guest)
    desk = browser(SERVICE.build_web, Config(), database, FILIPA)
    page = words(desk.get(f"/segments/guests/{guest}"))
    assert "spa.booked at Casa do Tejo Lisboa" in page
    assert "treatment: massage" in page and "minutes: 50" in page and "for_two: no" in page
    assert "spa.booked" in words(desk.get(f"/segments/guests/{guest}?kind=event"))
    with database.transaction() as tx:
        erase_guest(tx, UUID(guest), "Ada", NOW, lambda _: None)
    assert rows_of(database, "select count(*) from guest_event") == [(0,)]
    assert rows_of(database, "select count(*) from outbox where convert_from(body, 'UTF8') like '%massage%'") == [(0,)]
    assert fields_of(tell(shop, guest=guest)) == {"/guest"}


def test_it_follows_the_guest_by_merge_and_back(shop: Program, database: Database, guest: str) -> None:
    other = put(shop, "R-2", guest={**GUEST, "given_name": "Leo", "family_name": "Brandt", "birth_date": None})
    leo = other.get_json()["guest_id"]
    tell(shop, guest=guest)
    with database.transaction() as tx:
        merge_guests(tx, UUID(guest), UUID(leo), "Ada", NOW)
    assert tell(shop, guest=guest).status_code == 200  # told again by the old number
    tell(shop, guest=guest, id="T-2")
    assert rows_of(database, "select guest_id::text from guest_event order by reference") == [(leo,), (leo,)]
    with database.transaction() as tx:
        unmerge_guest(tx, UUID(guest), "Ada", NOW)
    assert rows_of(database, "select guest_id::text from guest_event order by reference") == [(guest,), (leo,)]
