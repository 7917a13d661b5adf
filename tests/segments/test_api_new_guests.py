"""Guests without a stay, told of by programs: made once, found where they are known, of the key's hotels alone."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.segments.commands.duplicates.merge import merge_guests
from shared.database.pool import Database, Tx
from shared.vocabulary.grant import Grant
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.programs import Program, fields_of, program
from tests.segments.rows import add_properties, rows_of
from tests.segments.test_api_guests import client, client_of, put, shop

__all__ = ["client", "shop"]
RITA = {"property": "LIS", "given_name": "Rita", "family_name": "Cantu", "email": "rita@example.com",
        "phone": "912 000 123", "birth_date": "1981-11-26", "language": "pt", "country": "PT"}  # fmt: skip
LINES = "/api/guests/lines"


def tell(shop: Program, **changed: Any) -> TestResponse:
    return shop.ask("POST", "/api/guests", {**RITA, **changed})


def count(database: Database, table: str = "guest") -> int:
    return int(rows_of(database, f"select count(*) from {table}")[0][0])


def test_a_guest_is_made_once_and_published_without_a_consent(shop: Program, database: Database) -> None:
    made, again = tell(shop), tell(shop)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.get_json() == again.get_json()
    said = made.get_json()
    assert (said["family_name"], said["home_property"], said["version"]) == ("Cantu", "LIS", 1)
    assert {one["address"] for one in said["contacts"]} == {"rita@example.com", "+351912000123"}
    assert shop.ask("GET", f"/api/guests/{said['id']}").get_json() == said
    assert rows_of(database, "select type from outbox where type like 'guest.%'") == [("guest.changed.v1",)]
    assert count(database, "consent_claim") == 0
    assert "express" not in str(rows_of(database, "select state from consent_claim"))


def test_somebody_without_an_address_is_made_once_by_the_same_words_or_number(
    shop: Program, database: Database
) -> None:
    bare = {"property": "LIS", "family_name": "Cantu"}
    answers = [shop.ask("POST", "/api/guests", said) for said in (bare, bare, {**bare, "given_name": "Leo"})]
    assert [one.status_code for one in answers] == [201, 200, 201]
    numbered = [shop.ask("POST", "/api/guests", {**bare, "reference": number}) for number in ("7", "8", "7")]
    assert [one.status_code for one in numbered] == [201, 201, 200]
    assert count(database) == 4


def test_who_stayed_before_is_found_by_the_rules_of_reservations(shop: Program, database: Database) -> None:
    stayed = put(shop).get_json()["guest_id"]
    found = tell(shop, title="Dr", language="fr", phone="+351 912 000 999")
    assert (found.status_code, found.get_json()["id"]) == (200, stayed)
    said = found.get_json()
    assert (said["title"], said["language"]) == (None, "pt")  # nothing known is overwritten
    assert {one["address"] for one in said["contacts"]} == {"rita@example.com", "+351912000123", "+351912000999"}
    assert tell(shop, email=None, phone=None).get_json()["id"] == stayed  # by name and birth date
    assert tell(shop, birth_date="1950-01-02").status_code == 201  # another birth date is another guest
    assert tell(shop, given_name="Leo", family_name="Brandt", birth_date=None).status_code == 201
    assert count(database) == 3


def test_a_guest_known_by_an_address_alone_gets_the_name_that_is_told_with_it(
    shop: Program, database: Database
) -> None:
    known = tell(shop, birth_date=None, phone=None).get_json()["id"]
    with database.transaction() as tx:  # as a list of addresses makes a guest
        tx.execute("update guest set given_name = '', family_name = ''")
    named = tell(shop, birth_date=None, phone=None, reference="2")
    assert (named.status_code, named.get_json()["id"]) == (200, known)
    assert (named.get_json()["family_name"], named.get_json()["version"]) == ("Cantu", 2)
    assert tell(shop, birth_date=None, phone=None, reference="3").get_json()["version"] == 2
    assert count(database) == 1


def test_an_address_that_was_taken_from_a_guest_finds_them_and_stays_away(shop: Program, database: Database) -> None:
    guest = tell(shop).get_json()["id"]
    with database.transaction() as tx:
        tx.execute(
            """
            with taken as (delete from guest_point where channel = 'email' returning guest_id, point, channel)
            insert into removed_point (point, guest_id, channel, address_sealed, removed_at, removed_by)
            select point, guest_id, channel, '', '2026-11-01Z', 'Filipa' from taken
            """
        )
    again = tell(shop, reference="1", phone=None, birth_date=None)
    assert (again.status_code, again.get_json()["id"]) == (200, guest)
    assert [one["channel"] for one in again.get_json()["contacts"]] == ["sms"]


def test_an_idempotency_key_answers_as_the_first(shop: Program, database: Database) -> None:
    first, again = (
        shop.ask("POST", "/api/guests", {"property": "LIS", "family_name": "Cantu"}, Idempotency_Key="g1")
        for _ in range(2)
    )
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    assert shop.ask("POST", "/api/guests", RITA, Idempotency_Key="g1").status_code == 409
    assert count(database) == 1


def test_every_problem_names_its_field(shop: Program) -> None:
    assert fields_of(tell(shop, property="ZZZ")) == {"/property"}
    assert fields_of(tell(shop, given_name=" ", family_name="")) == {"/family_name"}
    assert fields_of(tell(shop, birth_date="2030-01-01")) == {"/birth_date"}
    assert fields_of(tell(shop, email="rita@", phone="12")) == {"/email", "/phone"}
    assert fields_of(tell(shop, email="a@example.com, b@example.com")) == {"/email"}
    assert fields_of(tell(shop, email="x1@guest.booking.com")) == {"/email"}
    assert fields_of(tell(shop, tier="gold", colour="red")) == {"/tier", "/colour"}


def test_a_key_of_one_hotel_finds_nobody_of_another(shop: Program, database: Database, client: FlaskClient) -> None:
    ours = tell(shop).get_json()["id"]
    other = program(database, client, hotel="SHA")
    assert fields_of(tell(other)) == {"/property"}
    theirs = tell(other, property="SHA")
    assert theirs.status_code == 201 and theirs.get_json()["id"] != ours
    assert count(database, "possible_duplicate") == 1
    reads = program(database, client, Grant.GUESTS_READ)
    assert tell(reads).status_code == reads.ask("POST", LINES, {}).status_code == 403


def test_who_was_made_one_with_a_guest_of_another_hotel_is_neither_told_of_nor_changed(
    shop: Program, database: Database, client: FlaskClient
) -> None:
    lisbon, shanghai = (program(database, client, hotel=code) for code in ("LIS", "SHA"))
    bare = {"property": "LIS", "family_name": "Cantu", "reference": "7"}
    ours = lisbon.ask("POST", "/api/guests", bare).get_json()["id"]
    theirs = tell(shanghai, property="SHA").get_json()["id"]
    with database.transaction() as tx:
        merge_guests(tx, UUID(ours), UUID(theirs), "Ada", NOW)
    more = {**bare, "email": "mine@example.com"}
    again = lisbon.ask("POST", "/api/guests", more)
    assert again.status_code == 409 and "rita" not in again.text
    (line,) = lisbon.send_lines(LINES, more)
    assert (line["outcome"], list(line["errors"]), "id" in line) == ("refused", [""], False)
    assert "mine@example.com" not in shop.ask("GET", f"/api/guests/{theirs}").text


def test_who_was_erased_is_made_anew_by_the_same_words(shop: Program, database: Database) -> None:
    bare = {"property": "LIS", "family_name": "Cantu"}
    first = shop.ask("POST", "/api/guests", bare).get_json()["id"]
    with database.transaction() as tx:
        tx.execute("update guest set erased_at = '2026-11-01Z', family_name = '' where id = %s", [first])
    anew = [shop.ask("POST", "/api/guests", bare) for _ in range(2)]
    assert [one.status_code for one in anew] == [201, 200]
    assert {one.get_json()["id"] for one in anew}.isdisjoint({first})


@pytest.mark.parametrize("at_once", [2, 200])
def test_lines_are_answered_one_by_one_and_may_be_sent_again(
    shop: Program, database: Database, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("shared.web.api.lines.AT_ONCE", at_once)
    leo = {"property": "SHA", "given_name": "Leo", "family_name": "Brandt", "email": "leo@example.com"}
    said = [RITA, b"no json", {**RITA, "phone": "+351 912 000 999"}, {**RITA, "email": "nobody@"}, leo, [leo]]
    first = shop.send_lines(LINES, *said)
    assert [one["outcome"] for one in first] == ["made", "refused", "changed", "refused", "made", "refused"]
    assert [list(one["errors"]) for one in first] == [[], [""], [], ["/email"], [], [""]]
    assert first[0]["id"] == first[2]["id"]
    again = shop.send_lines(LINES, *said)
    assert [one["outcome"] for one in again if one["outcome"] != "refused"] == ["unchanged"] * 3
    versions = rows_of(database, "select version from guest order by version")
    assert versions == [(1,), (2,)]
    assert count(database, "consent_claim") == 0


def test_a_line_that_the_database_refuses_is_refused_alone(shop: Program, database: Database) -> None:
    with database.transaction() as tx:
        tx.execute("alter table guest add constraint no_poison check (family_name <> 'Poison')")
    said = [{"property": "LIS", "family_name": name} for name in ("Reis", "Poison", "Brandt", "Sousa", "Lima")]
    outcomes = [one["outcome"] for one in shop.send_lines(LINES, *said)]
    assert outcomes == ["made", "refused", "made", "made", "made"]
    assert count(database) == 4


def told_at_random(seed: int, lines: int) -> Iterator[dict[str, Any]]:
    """Few names, addresses, numbers and birth dates, so that most lines are linked with others."""
    chance = Random(seed)
    for _ in range(lines):
        number = chance.randrange(6)
        yield {
            "property": chance.choice(["LIS", "SHA"]),
            "given_name": chance.choice(["Rita", "R.", "Leo", "Ritta", "Rita und Leo"]),
            "family_name": chance.choice(["Cantu", "Brandt"]),
            "email": chance.choice([None, f"g{number}@example.com", "info@example.com"]),
            "phone": chance.choice([None, f"+35191200000{chance.randrange(6)}"]),
            "birth_date": chance.choice([None, "1981-11-26", "1981-11-27", "1950-01-02"]),
            "reference": chance.choice([None, None, f"ref {number}"]),
        }


@pytest.mark.parametrize("seed", range(3))
def test_a_set_of_lines_becomes_what_its_lines_become_one_by_one(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    said, became = list(told_at_random(seed, 80)), list[tuple[list[Any], ...]]()
    for at_once in (1, 200):
        monkeypatch.setattr("shared.web.api.lines.AT_ONCE", at_once)
        database = make_database("segments")
        add_properties(database)
        outcomes = shop_of(database).send_lines(LINES, *said)
        points = "select guest_id, point, kind, guests from guest_point join contact_point using (point) order by 1, 2"
        pairs = "select guest_id, other_id, key, row_ref, score, reasons from possible_duplicate order by 1, 2, 3"
        edits = "select guest_id, what, details::text from guest_edit order by 1, 2, 3"
        guests = "select id, given_name, family_name, home_property from guest order by 1"
        became.append((outcomes, *(rows_of(database, query) for query in (points, pairs, edits, guests))))
    assert became[0] == became[1]
    assert {one["outcome"] for one in became[0][0]} == {"made", "changed", "unchanged"}


def shop_of(database: Database) -> Program:
    return program(database, client_of(database))


def test_of_two_lines_that_reach_one_nameless_guest_the_first_names_them(shop: Program, database: Database) -> None:
    known = tell(shop, birth_date=None).get_json()["id"]
    with database.transaction() as tx:  # as a list of addresses and numbers makes a guest
        tx.execute("update guest set given_name = '', family_name = ''")
    by_mail = {"property": "LIS", "given_name": "Rita", "family_name": "Cantu", "email": "rita@example.com"}
    by_phone = {"property": "LIS", "given_name": "Leo", "family_name": "Brandt", "phone": "912 000 123"}
    first, second = shop.send_lines(LINES, by_mail, by_phone)
    assert (first["id"], first["outcome"], second["outcome"]) == (known, "changed", "made")
    names = rows_of(database, "select given_name, family_name from guest order by family_name")
    assert names == [("Leo", "Brandt"), ("Rita", "Cantu")]


def test_a_set_costs_as_many_statements_as_a_line(shop: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, execute = [0], Tx.execute

    def counting(self: Tx, *args: Any, **named: Any) -> Any:
        asked[0] += 1
        return execute(self, *args, **named)

    monkeypatch.setattr(Tx, "execute", counting)
    counts = []
    for some in (range(10), range(100, 300)):
        before = asked[0]
        names = [{"property": "LIS", "family_name": f"Of{n}", "email": f"g{n}@example.com"} for n in some]
        assert {one["outcome"] for one in shop.send_lines(LINES, *names)} == {"made"}
        counts.append(asked[0] - before)
    assert counts[0] >= counts[1]  # the first set asks once more for what is kept in memory
