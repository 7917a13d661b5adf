"""Guests, notes and stays for programs: what a key grants, of its hotels, each once, every problem by its field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.segments.config import Config
from services.segments.service import SERVICE
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.ids import make_id
from shared.vocabulary.grant import Grant
from shared.web.api import lines
from shared.web.config import WebConfig
from tests.cast import FILIPA, NOW
from tests.programs import Program, fields_of, program
from tests.segments.rows import rows_of
from tests.web import browser, words

GUEST = {"given_name": "Rita", "family_name": "Cantu", "email": "rita@example.com", "phone": "+351912000123",
         "birth_date": "1981-11-26", "language": "pt", "country": "PT"}  # fmt: skip
STAY = {"status": "booked", "status_date": "2026-11-01", "booked_on": "2026-11-01", "arrival": "2026-12-01",
        "departure": "2026-12-04", "rate": "120.50", "currency": "EUR", "guest": GUEST}  # fmt: skip
STAY_ID = make_id("stay", "shop", "LIS", "R-1")


@pytest.fixture
def client(database: Database) -> FlaskClient:
    return client_of(database)


def client_of(database: Database) -> FlaskClient:
    return SERVICE.build_web(Config(), database, VirtualClock(NOW), WebConfig()).test_client()


@pytest.fixture
def shop(database: Database, client: FlaskClient) -> Program:
    return program(database, client)


def put(shop: Program, number: str = "R-1", place: str = "LIS", **changed: Any) -> TestResponse:
    return shop.ask("PUT", f"/api/stays/shop/{place}/{number}", {**STAY, **changed})


def guest_of(answer: TestResponse) -> str:
    return str(answer.get_json()["guest_id"])


def test_a_stay_is_made_once_changed_and_read(shop: Program, database: Database) -> None:
    made = put(shop)
    assert (made.status_code, made.get_json()["id"]) == (201, str(STAY_ID))
    again = put(shop)
    assert (again.status_code, again.get_json()["version"]) == (200, 1)
    changed = put(shop, departure="2026-12-05").get_json()
    assert (changed["version"], changed["nights"], changed["rate"]) == (2, 4, "120.5000")
    assert shop.ask("GET", f"/api/stays/{STAY_ID}").get_json() == changed
    told = rows_of(database, "select type from outbox where type like 'stay.%' order by id")
    assert told == [("stay.booked.v1",), ("stay.changed.v1",)]


def test_a_party_is_kept_on_the_stay(shop: Program) -> None:
    made = put(shop, adults=2, children=1, companions=["Maria Sá", " João  Sá "]).get_json()
    assert (made["adults"], made["children"], made["companions"]) == (2, 1, ["Maria Sá", "João Sá"])
    assert put(shop).get_json()["companions"] == []  # a stay is told whole
    assert put(shop, companions=[" ", "\u200b"]).get_json()["companions"] == []
    assert fields_of(put(shop, companions=["x" * 121])) == {"/companions/0"}


def test_every_problem_of_a_stay_names_its_field(shop: Program) -> None:
    assert fields_of(put(shop, arrival="1.12.2026")) == {"/arrival"}
    assert fields_of(put(shop, departure="2026-11-30")) == {"/departure"}
    assert fields_of(put(shop, status="asleep", colour="red")) == {"/status", "/colour"}
    assert fields_of(put(shop, guest={**GUEST, "country": "Portugal"})) == {"/guest/country"}
    assert fields_of(put(shop, currency=None)) == {"/currency"}
    assert fields_of(put(shop, currency="€")) == {"/currency"}
    assert fields_of(put(shop, rate="a lot")) == {"/rate"}
    assert fields_of(put(shop, place="XXX")) == {"property"}
    assert fields_of(put(shop, guest={**GUEST, "family_name": "a\x00"})) == {"/guest/family_name"}
    assert shop.ask("PUT", "/api/stays/shop/LIS/R-1", [STAY]).status_code == 422


def test_numbers_are_taken_as_they_are_written_or_refused(shop: Program) -> None:
    assert put(shop, rate=120.5).get_json()["rate"] == "120.5000"
    for amount in ("1e3", "1_000", "１２", " 5", "NaN", True):
        assert fields_of(put(shop, rate=amount)) == {"/rate"}, amount
    for persons in (2.7, "2", -1):
        assert fields_of(put(shop, adults=persons)) == {"/adults"}, persons


def test_addresses_are_masked_unless_the_key_grants_them(
    shop: Program, database: Database, client: FlaskClient
) -> None:
    guest = guest_of(put(shop))
    masking = program(database, client, Grant.GUESTS_READ)
    for path in (f"/api/guests/{guest}", "/api/guests"):
        assert "rita@example.com" not in masking.ask("GET", path).text
        assert "rita@example.com" in shop.ask("GET", path).text
    seen = rows_of(database, "select count(*) from outbox where type = 'audit.recorded.v1' and body::text <> ''")
    assert seen[0][0] >= 4


def test_a_key_does_what_it_grants_and_nothing_else(shop: Program, database: Database, client: FlaskClient) -> None:
    guest = guest_of(put(shop))
    reads = program(database, client, Grant.GUESTS_READ)
    assert reads.ask("GET", f"/api/guests/{guest}").status_code == 200
    for method, path in (
        ("GET", "/api/stays"), ("GET", f"/api/stays/{STAY_ID}"), ("PUT", "/api/stays/shop/LIS/R-1"),
        ("POST", "/api/stays/lines?source=shop"), ("PATCH", f"/api/guests/{guest}"),
        ("GET", f"/api/guests/{guest}/notes"), ("POST", f"/api/guests/{guest}/notes"), ("POST", "/api/imports"),
    ):  # fmt: skip
        answer = reads.ask(method, path, {})
        assert answer.status_code == 403, path
    assert answer.content_type == "application/problem+json"


def test_a_key_of_one_hotel_sees_and_writes_nothing_of_another(
    shop: Program, database: Database, client: FlaskClient
) -> None:
    guest = guest_of(put(shop))
    other = program(database, client, hotel="SHA")
    assert other.ask("GET", "/api/guests").get_json()["items"] == []
    assert other.ask("GET", "/api/stays").get_json()["items"] == []
    for method, path in (
        ("GET", f"/api/guests/{guest}"), ("PATCH", f"/api/guests/{guest}"), ("GET", f"/api/stays/{STAY_ID}"),
        ("GET", f"/api/guests/{guest}/notes"),
    ):  # fmt: skip
        assert other.ask(method, path, {"version": 1, "tags": ["seen"]}).status_code == 404, path
    assert other.ask("POST", f"/api/guests/{guest}/notes", {"text": "seen"}).status_code == 404
    assert fields_of(put(other)) == {"property"}
    assert (
        other.send_lines("/api/stays/lines?source=shop", {**STAY, "property": "LIS", "reservation": "R-1"})[0][
            "outcome"
        ]
        == "refused"
    )


def test_a_change_stands_before_what_a_source_states_and_conflicts_are_told(shop: Program) -> None:
    guest = guest_of(put(shop))
    path = f"/api/guests/{guest}"
    change = {"version": 1, "family_name": "Cantu-Reis", "tags": ["vip", "late"], "preference": "a quiet room"}
    changed = shop.ask("PATCH", path, change).get_json()
    assert (changed["given_name"], changed["family_name"], changed["tags"]) == ("Rita", "Cantu-Reis", ["late", "vip"])
    assert shop.ask("PATCH", path, change).get_json()["version"] == changed["version"]  # again: nothing is left to do
    assert shop.ask("PATCH", path, {"version": 1, "tags": ["stale"]}).status_code == 409
    assert shop.ask("PATCH", path, {"version": 1, "title": "Dr"}).status_code == 409
    put(shop, room_type="suite")
    assert shop.ask("GET", path).get_json()["family_name"] == "Cantu-Reis"
    assert fields_of(shop.ask("PATCH", path, {"tags": [""], "birth_date": "soon"})) == {
        "/version", "/tags/0", "/birth_date"
    }  # fmt: skip
    late = {"version": changed["version"], "birth_date": "2030-01-01"}
    assert fields_of(shop.ask("PATCH", path, late)) == {"/birth_date"}


def test_lists_go_by_pages_and_nothing_is_doubled_or_lost(shop: Program) -> None:
    for number in range(7):
        guest = {"given_name": f"Guest{number}", "family_name": f"Of{number}", "email": f"g{number}@example.com"}
        put(shop, f"R-{number}", guest=guest)
    for path in ("/api/guests", "/api/stays"):
        seen: list[str] = []
        page = shop.ask("GET", f"{path}?limit=3").get_json()
        seen += [one["id"] for one in page["items"]]
        while page["next"]:
            page = shop.ask("GET", f"{path}?limit=3&cursor={page['next']}").get_json()
            seen += [one["id"] for one in page["items"]]
        assert len(seen) == len(set(seen)) == 7
    assert fields_of(shop.ask("GET", "/api/guests?cursor=x&limit=0")) == {"cursor", "limit"}
    assert len(shop.ask("GET", f"/api/stays?guest={guest_of(put(shop, 'R-8'))}").get_json()["items"]) == 1
    assert shop.ask("GET", "/api/stays?changed_since=2026-11-22T00:00:00Z").get_json()["items"] == []
    assert len(shop.ask("GET", "/api/guests?changed_since=2026-11-21T12:00:00Z").get_json()["items"]) == 8


def test_a_note_is_written_once_read_and_deleted(shop: Program, database: Database) -> None:
    path = f"/api/guests/{guest_of(put(shop))}/notes"
    first = shop.ask("POST", path, {"text": "Likes the river side."}, Idempotency_Key="n1")
    again = shop.ask("POST", path, {"text": "Likes the river side."}, Idempotency_Key="n1")
    assert (first.status_code, first.get_json()) == (201, again.get_json())
    assert shop.ask("POST", path, {"text": "Another."}, Idempotency_Key="n1").status_code == 409
    shop.ask("POST", path, {"text": "Another."})
    assert sorted(one["text"] for one in shop.ask("GET", path).get_json()["items"]) == [
        "Another.",
        "Likes the river side.",
    ]
    assert "river" not in str(rows_of(database, "select text_sealed from guest_note"))
    desk = browser(SERVICE.build_web, Config(), database, FILIPA)
    assert "Likes the river side." in words(desk.get(path.replace("/api", "/segments").removesuffix("/notes")))
    note = first.get_json()["id"]
    assert [shop.ask("DELETE", f"{path}/{note}").status_code for _ in range(2)] == [204, 404]
    assert fields_of(shop.ask("POST", path, {"text": ""})) == {"/text"}


def test_of_two_keys_the_same_idempotency_key_is_two_requests(
    shop: Program, database: Database, client: FlaskClient
) -> None:
    path = f"/api/guests/{guest_of(put(shop))}/notes"
    other = program(database, client, Grant.NOTES_WRITE, Grant.NOTES_READ)
    made = {
        one.ask("POST", path, {"text": "The same."}, Idempotency_Key="n1").get_json()["id"] for one in (shop, other)
    }
    assert len(made) == 2


def test_lines_are_answered_one_by_one_and_may_be_sent_again(
    shop: Program, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "AT_ONCE", 3)
    said = [
        {**STAY, "property": "LIS", "reservation": "A"},
        b"no json",
        {**STAY, "property": "LIS", "reservation": "B", "departure": "2026-11-30"},
        {**STAY, "property": "ZZZ", "reservation": "C"},
        {**STAY, "property": "SHA", "reservation": "D"},
        b"x" * (lines.LONGEST + 10),
        {**STAY, "property": "LIS", "reservation": "E"},
    ]
    path = "/api/stays/lines?source=shop"
    first = shop.send_lines(path, *said)
    assert [one["outcome"] for one in first] == ["made", "refused", "refused", "refused", "made", "refused", "made"]
    assert [one["line"] for one in first] == [1, 2, 3, 4, 5, 6, 7]
    assert [list(one["errors"]) for one in first if one["outcome"] == "refused"] == [
        [""],
        ["/departure"],
        ["/property"],
        [""],
    ]
    assert UUID(first[0]["id"]) == make_id("stay", "shop", "LIS", "A")
    again = shop.send_lines(path, *said)
    assert [one["outcome"] for one in again if one["outcome"] != "refused"] == ["unchanged"] * 3
    assert rows_of(database, "select count(*) from stay") == [(3,)]


def test_history_by_lines_lets_nobody_into_an_audience(shop: Program, database: Database) -> None:
    shop.send_lines("/api/stays/lines?source=shop&history=true", {**STAY, "property": "LIS", "reservation": "A"})
    assert fields_of(shop.ask("POST", "/api/stays/lines", {})) == {"source"}
    assert rows_of(database, "select count(*) from stay") == [(1,)]


def test_the_description_is_whole_and_true(shop: Program, client: FlaskClient) -> None:
    described = client.get("/api/guests/openapi.json").get_json()
    rules = {str(rule) for rule in client.application.url_map.iter_rules() if str(rule).startswith("/api/")}
    for rule in rules:
        path = rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}")
        assert path in described["paths"] or path.endswith("openapi.json"), rule
    put(shop)
    for name, path in (("Guest", "/api/guests"), ("Stay", "/api/stays")):
        told = shop.ask("GET", path).get_json()["items"][0]
        assert set(told) == set(described["components"]["schemas"][name]["properties"])
    assert "contacts:read" not in described["paths"]["/api/guests"]["get"]["description"]
    assert "`guests:read`" in described["paths"]["/api/guests"]["get"]["description"]
