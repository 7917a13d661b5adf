"""Programs find guests by a question, as the page does: of their key's hotels, by what it grants, never in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from services.segments.clock import SearchIndex
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.config import Config
from services.segments.service import SERVICE
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.vocabulary.grant import Grant
from shared.web.config import WebConfig
from tests.cast import NOW
from tests.programs import Program, fields_of, program
from tests.segments.rows import row, rows_of
from tests.segments.test_search import MORNING, SILVA, bring, segments, settle

__all__ = ["segments"]


@pytest.fixture
def client(segments: Database) -> Iterator[FlaskClient]:
    yield SERVICE.build_web(Config(), segments, VirtualClock(NOW), WebConfig()).test_client()


@pytest.fixture
def shop(segments: Database, client: FlaskClient) -> Program:
    return program(segments, client)


def page(shop: Program, text: str, **more: Any) -> dict[str, Any]:
    answer = shop.ask("GET", f"/api/guests?{urlencode({'q': text, **more})}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def names(shop: Program, text: str, **more: Any) -> list[str]:
    return [one["given_name"] for one in page(shop, text, **more)["items"]]


@pytest.mark.parametrize(
    ("text", "given_name", "ways"),
    [
        ("Müller", "Jörg", ["name"]),
        ("mül jö", "Jörg", ["beginning", "beginning"]),
        ("Mueller, Joerg", "Jörg", ["spelling", "spelling"]),
        ("Miller", "Jörg", ["slip"]),
        ("zhang wei", "伟", ["spelling", "spelling"]),
        ("張偉", "伟", ["name"]),
        ("ivan petrov", "Иван", ["spelling", "spelling"]),
        ("5678", "Ana Maria Conceição", ["phone"]),
        ("silva maria 5678", "Ana Maria Conceição", ["name", "name", "phone"]),
        ("mueller82@rhein", "Jörg", ["email"]),
        ("j.mueller82@rheinwerk.example.com", "Jörg", ["email"]),
        ("+44 7700 905678", "Ana Maria Conceição", ["phone"]),
        ("240002", "Ana Maria Conceição", ["reservation"]),
        ("bund-77", "伟", ["reservation"]),
    ],
)
def test_each_kind_of_question_finds_its_guest_and_says_why(
    shop: Program, text: str, given_name: str, ways: list[str]
) -> None:
    found = page(shop, text)
    assert [one["given_name"] for one in found["items"]] == [given_name]
    (hit,) = found["search"]["hits"]
    assert (hit["guest"], [one["how"] for one in hit["by"]]) == (found["items"][0]["id"], ways)
    assert (found["search"]["complete"], found["search"]["too_many"], found["next"]) == (True, False, None)


def test_a_question_that_finds_nobody_says_what_was_tried(shop: Program) -> None:
    found = page(shop, "nobody 4711")
    assert (found["items"], found["search"]["complete"]) == ([], True)
    assert [one["word"] for one in found["search"]["tried"]] == ["nobody", "4711"]
    assert {"name", "slip", "email"} <= set(found["search"]["tried"][0]["tried_as"])
    assert set(found["search"]["tried"][1]["tried_as"]) == {"reservation", "phone", "email"}


def test_parts_of_addresses_and_of_reservations_are_found_by_what_a_key_grants(
    segments: Database, client: FlaskClient
) -> None:
    reads = program(segments, client, Grant.GUESTS_READ)
    for part in ("5678", "rheinwerk", "mueller82@rhein", "240002", "bund-77", "LIS-2024"):
        assert names(reads, part) == [], part
    for whole in ("j.mueller82@rheinwerk.example.com", "lis-20240002", "+447700905678"):
        assert len(names(reads, whole)) == 1, whole
    shown = page(reads, "j.mueller82@rheinwerk.example.com")
    assert "mueller82@rhein" not in str(shown["items"]) and "rheinwerk" in str(shown["search"])  # as it was asked
    ways = {way for one in page(reads, "nobody 4711")["search"]["tried"] for way in one["tried_as"]}
    assert not ways & {"phone", "email", "reservation"}
    knows = program(segments, client, Grant.GUESTS_READ, Grant.CONTACTS_READ)
    assert (names(knows, "5678"), names(knows, "240002")) == (["Ana Maria Conceição"], [])


def test_a_key_of_one_hotel_finds_nobody_of_another(segments: Database, client: FlaskClient) -> None:
    shanghai = program(segments, client, hotel="SHA")
    assert names(shanghai, "zhang") == ["伟"]
    for text in ("müller", "5678", "LIS-20240002", "ana_silva@example.com", "+447700905678", "silva maria"):
        assert names(shanghai, text) == [], text


def test_a_question_may_be_narrowed_and_its_trail_does_not_hold_it(shop: Program, segments: Database) -> None:
    with segments.transaction() as tx:
        tx.execute("update guest set tags = '{vip}', changed_at = %s where family_name = 'Silva'", [NOW])
    settle(segments)
    assert names(shop, "ana", tag="vip") == ["Ana Maria Conceição"] and names(shop, "ana", tag="late") == []
    assert names(shop, "silva", changed_since="2026-11-21T12:00:00Z") == ["Ana Maria Conceição"]
    assert names(shop, "müller", changed_since="2026-11-21T12:00:00Z") == []
    told = str(rows_of(segments, "select convert_from(body, 'utf8') from outbox where type = 'audit.recorded.v1'"))
    assert '"q"' in told and "silva" not in told.lower() and "müller" not in told


def test_pages_of_a_question_double_and_lose_nobody(shop: Program, segments: Database) -> None:
    bring(segments, *(row(100 + n, name=f"Ana Pereira{n:02}") for n in range(30)))
    seen, asked = list[str](), {"limit": 7}
    found = page(shop, "ana", **asked)
    while True:
        seen += [one["id"] for one in found["items"]]
        assert [hit["guest"] for hit in found["search"]["hits"]] == [one["id"] for one in found["items"]]
        if found["next"] is None:
            break
        found = page(shop, "ana", **asked, cursor=found["next"])
    assert len(seen) == len(set(seen)) == 31


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"q": ""}, {"q"}), ({"q": "-- '"}, {"q"}), ({"q": "x" * 201}, {"q"}),
        ({"q": "ana", "cursor": "x"}, {"cursor"}), ({"q": "ana", "cursor": "MXx4fHg"}, {"cursor"}),
        ({"q": "ana", "limit": 501}, {"limit"}), ({"q": "ana", "name": "ana"}, {"name"}),
    ],
)  # fmt: skip
def test_a_question_that_is_none_names_its_field(shop: Program, query: dict[str, str], fields: set[str]) -> None:
    assert fields_of(shop.ask("GET", f"/api/guests?{urlencode(query)}")) == fields


def test_that_nobody_is_found_because_nobody_writes_the_index_is_an_error(shop: Program, segments: Database) -> None:
    with segments.transaction() as tx:
        enter(tx, [row(8, name="Nuno Novo")], MORNING, EntryOptions(booking_only=False, initial=True, lane=None))
    assert names(shop, "novo") == ["Nuno"]  # by the beginning of a name
    found = page(shop, "000008")  # the writer was there a moment ago
    assert (found["items"], found["search"]["complete"]) == ([], False)
    with segments.transaction() as tx:
        tx.execute("update guest_search_writer set looked_at = %s", [NOW - timedelta(minutes=4)])
    refused = shop.ask("GET", "/api/guests?q=000008")
    assert (refused.status_code, refused.content_type) == (503, "application/problem+json")
    assert "`search`" in refused.get_json()["detail"]
    assert page(shop, "silva")["search"]["complete"] is False
    assert names(shop, "LIS-000008") == ["Nuno"]
    settle(segments)
    assert (names(shop, "000008"), page(shop, "silva")["search"]["complete"]) == (["Nuno"], True)


def test_the_writer_notes_once_a_minute_that_it_is_there(segments: Database) -> None:
    clock = VirtualClock(NOW)
    writer = SearchIndex(segments, clock)
    looked = []
    for seconds in (0, 59, 60):
        writer.step(NOW + timedelta(seconds=seconds))
        looked.append(rows_of(segments, "select looked_at from guest_search_writer")[0][0])
    assert looked == [NOW, NOW, NOW + timedelta(minutes=1)]


def test_who_was_merged_or_erased_meanwhile_is_not_listed(shop: Program, segments: Database) -> None:
    with segments.transaction() as tx:
        tx.execute("update guest set erased_at = %s where id = %s", [NOW, SILVA.key().guest_id()])
    assert names(shop, "silva") == []
