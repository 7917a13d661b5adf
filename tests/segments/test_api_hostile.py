"""A program that is wrong, or means harm, at the doors of the API: refused in a sentence, with nothing half done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.database.pool import Database
from shared.web.api.lines import LONGEST, MEDIA_TYPE
from tests.programs import Program, program
from tests.segments.rows import rows_of
from tests.segments.test_api_guests import client, put, shop

__all__ = ["client", "shop"]
RITA = {"property": "LIS", "given_name": "Rita", "family_name": "Cantu", "email": "rita@example.com"}
LINES = "/api/guests/lines"


def count(database: Database, table: str = "guest") -> int:
    return int(rows_of(database, f"select count(*) from {table}")[0][0])


def is_problem(answer: TestResponse, status: int) -> bool:
    return (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize(
    "key",
    ["", "Bearer", "Bearer glk_", "Bearer glk_x_y", "Bearer glk_00000000000000000000000000000000_secret", "Basic YTpi",
     "Bearer glk_{id}_wrong", "Bearer glk_{id}", "Bearer glk_{id}_secret_and_more", "Bearer " + "x" * 4000, "Bearer ÿ"],
)  # fmt: skip
def test_a_key_that_is_none_is_told_nothing(shop: Program, database: Database, client: FlaskClient, key: str) -> None:
    own = shop.headers["Authorization"].split("_")[1]
    for method, path in (("GET", "/api/guests"), ("PUT", "/api/rates"), ("POST", LINES)):
        answer = client.open(path, method=method, json=RITA, headers={"Authorization": key.format(id=own)})
        assert is_problem(answer, 401), path
    assert count(database) == 0


@pytest.mark.parametrize("length", [2 * 1024 * 1024])
def test_a_body_of_two_megabytes_is_refused_and_nothing_of_it_kept(
    shop: Program, database: Database, length: int
) -> None:
    guest = put(shop).get_json()["guest_id"]
    said = {"text": "x" * length}
    for method, path in (
        ("POST", f"/api/guests/{guest}/notes"),
        ("PATCH", f"/api/guests/{guest}"),
        ("PUT", "/api/rates"),
    ):
        assert shop.ask(method, path, said).status_code in (413, 422), path
    assert count(database, "guest_note") == 0


def test_deep_and_wide_json_is_refused(shop: Program) -> None:
    for body in ("[" * 100_000, '{"a":' * 50_000, "{" + ",".join(f'"a{n}":1' for n in range(5000)) + "}", "1" * 5000):
        answer = shop.client.post("/api/guests", data=body, headers=shop.headers, content_type="application/json")
        assert is_problem(answer, 422) or is_problem(answer, 400), body[:20]


def test_of_lines_that_are_cut_off_the_whole_ones_count(shop: Program, database: Database) -> None:
    whole = json.dumps(RITA).encode() + b"\n"
    leo = json.dumps({**RITA, "given_name": "Leo", "email": "leo@example.com"}).encode()
    answer = shop.client.post(LINES, data=whole + leo[:-7], headers=shop.headers, content_type=MEDIA_TYPE)
    outcomes = [json.loads(line) for line in answer.text.splitlines()]
    assert [(one["line"], one["outcome"]) for one in outcomes] == [(1, "made"), (2, "refused")]
    assert count(database) == 1
    again = shop.client.post(LINES, data=whole + leo, headers=shop.headers, content_type=MEDIA_TYPE)
    assert [json.loads(line)["outcome"] for line in again.text.splitlines()] == ["unchanged", "made"]


@pytest.mark.parametrize(
    "line",
    [b"\x00", b"\xff\xfe{}", b"null", b"7", b'"x"', b"{}", b"[]", b'{"a":1,"a":2}', b"{" * 60000,
     b"x" * (LONGEST + 1),
     b'{"property": "LIS", "family_name": "\\ud800"}', b'{"property": "LIS", "family_name": "\\u0000"}',
     b'{"property": ["LIS"], "family_name": {}}',
     b'{"property": "LIS", "family_name": "x", "birth_date": "0000-00-00"}'],
)  # fmt: skip
def test_a_line_that_is_nonsense_is_refused_with_its_number(shop: Program, database: Database, line: bytes) -> None:
    first, second = shop.send_lines(LINES, line, RITA)
    assert (first["line"], first["outcome"], second["line"], second["outcome"]) == (1, "refused", 2, "made")
    assert first["errors"] and count(database) == 1


def test_an_idempotency_key_is_for_one_body_one_key_and_one_address(
    shop: Program, database: Database, client: FlaskClient
) -> None:
    def make(who: Program, said: Any, key: str = "k") -> TestResponse:
        return who.ask("POST", "/api/guests", said, Idempotency_Key=key)

    first = make(shop, RITA)
    assert make(shop, RITA).get_json() == first.get_json()
    assert is_problem(make(shop, {**RITA, "given_name": "Leo"}), 409)
    assert make(program(database, client, hotel="LIS"), {**RITA, "given_name": "Leo"}).status_code == 201
    note = shop.ask("POST", f"/api/guests/{first.get_json()['id']}/notes", {"text": "x"}, Idempotency_Key="k")
    assert is_problem(note, 409)
    long = "k" * 200
    made = [
        make(shop, {"property": "LIS", "family_name": name}, long + tail) for name, tail in (("A", "1"), ("B", "2"))
    ]
    assert [one.status_code for one in made] == [422, 422]  # two keys that begin alike are two keys


@pytest.mark.parametrize(
    "name",
    ["李小明", "Ægir Þór", "عبد الله", "Ана́", "👩‍💻 Dev", "o\u0301" * 50, "\u202eevil", "A\u200bB", "ﬁnance",
     "Ǆ", "I\u0307"],
)  # fmt: skip
def test_every_script_is_kept_as_it_is_meant_and_found_again(shop: Program, name: str) -> None:
    said = {"property": "LIS", "family_name": name, "reference": "r"}
    first = shop.ask("POST", "/api/guests", said)
    assert first.status_code == 201, first.text
    assert shop.ask("POST", "/api/guests", said).get_json() == first.get_json()
    kept = first.get_json()["family_name"]
    assert kept and not {"\u202e", "\u200b"} & set(kept)


def test_another_hotels_guest_is_nobody_by_every_way(shop: Program, database: Database, client: FlaskClient) -> None:
    stay = put(shop).get_json()
    guest, other = stay["guest_id"], program(database, client, hotel="SHA")
    told = {"id": "1", "name": "spa.booked", "at": "2026-11-20T12:00:00Z", "property": "SHA"}
    spent = {"outlet": "spa", "amount": "1", "currency": "CNY", "day": "2026-11-20"}
    asked = [
        other.ask("GET", f"/api/guests/{guest}"), other.ask("PATCH", f"/api/guests/{guest}", {"version": 1}),
        other.ask("PUT", f"/api/guests/{guest}/membership", {"tier": "x", "as_of": "2026-11-20T12:00:00Z"}),
        other.ask("POST", "/api/events", {**told, "guest": guest}),
        other.ask("POST", "/api/events", {**told, "stay": stay["id"]}),
        other.ask("PUT", "/api/spend/pos/SHA/1", {**spent, "guest": guest}),
        other.ask("PUT", "/api/spend/pos/SHA/1", {**spent, "stay": stay["id"]}),
    ]  # fmt: skip
    assert {one.status_code for one in asked} <= {404, 422}
    nobody = "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7"
    assert asked[3].get_json() == other.ask("POST", "/api/events", {**told, "guest": nobody}).get_json()
    assert count(database, "guest_event") == count(database, "spend") == 0
