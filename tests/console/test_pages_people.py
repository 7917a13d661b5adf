"""The team and the keys of programs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.console.commands.accounts import Member, end_access, ensure_person
from services.console.commands.on.keys import keep_key_uses
from services.console.queries.present_state import access_again, properties_again
from services.console.store import api_keys
from shared.access.people import May, hotels, keep_hotels, keep_people, program
from shared.bus.republish import republish
from shared.database.pool import Database
from shared.errors import InputError
from shared.events import chunk_of
from shared.events.console import KeyUsed
from shared.vocabulary.grant import Grant
from shared.vocabulary.role import Role
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import ADA_MAIL, MARTA_MAIL, MARTAS, House, open_house
from tests.harness import off_the_wire
from tests.web import words

DINA = {"email": "dina@casa.example.com", "name": "Dina Duarte", "role": "duty_manager", "properties": ["LIS"]}


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


@pytest.mark.parametrize("path", ["/people", "/people/new", "/properties", "/properties/LIS", "/audit"])
def test_a_marketer_does_not_come_in(house: House, path: str) -> None:
    assert house.signed_in(MARTA_MAIL, MARTAS).get(path).status_code == 403


def test_somebody_invited_gets_a_password_that_is_shown_once_and_works(house: House) -> None:
    ada = house.signed_in()
    answer = ada.post("/people", DINA)
    assert answer.status_code == 201
    found = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", words(answer))
    assert found
    assert found[0] not in words(ada.get("/people"))
    assert "Dina Duarte dina@casa.example.com Duty manager Casa do Tejo Lisboa has a one-time password" in words(
        ada.get("/people")
    )
    dina = house.browser()
    dina.get("/sign-in")
    answer = dina.post("/sign-in", {"email": DINA["email"], "password": found[0]}, follow=False)
    assert answer.headers["Location"] == "/sign-in/password"
    said = house.said("access.changed.v1")[-1]
    assert (said["name"], said["role"], said["properties"]) == (["Dina Duarte"], ["duty_manager"], [["LIS"]])


def test_the_same_invitation_twice_says_that_the_account_is_there_and_keeps_what_was_typed(house: House) -> None:
    ada = house.signed_in()
    ada.post("/people", DINA)
    again = ada.post("/people", {**DINA, "email": "DINA@casa.example.com"})
    assert again.status_code == 422 and "There is an account with this address already." in words(again)
    assert 'value="Dina Duarte"' in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"email": "dina"}, "This is not an e-mail address."),
        ({"name": "  "}, "This is needed."),
        ({"role": "program"}, "Choose a role."),
        ({"role": "king"}, "Choose a role."),
        ({"properties": ["XXX"]}, "One of these hotels does not exist."),
        ({"role": "administrator"}, "Administrators look after all hotels"),
    ],
)
def test_an_invitation_that_cannot_be_says_why(house: House, wrong: dict[str, object], says: str) -> None:
    answer = house.signed_in().post("/people", {**DINA, **wrong})
    assert answer.status_code == 422 and says in words(answer)
    with house.database.transaction() as tx:
        assert tx.execute("select count(*) from account").fetchone() == (2,)


def test_a_changed_role_counts_at_once_and_is_said(house: House) -> None:
    marta, ada = house.signed_in(MARTA_MAIL, MARTAS), house.signed_in()
    assert "Marta Marques is changed." in words(
        ada.post(
            f"/people/{house.marta}",
            {"name": "Marta Marques", "role": "analyst", "properties": ["LIS", "SHA"], "version": 1},
        )
    )
    assert "Analyst" in words(marta.get("/account")) and "Riverside House Shanghai" in words(marta.get("/account"))
    said = house.said("access.changed.v1")[-1]
    assert (said["version"], said["role"], said["properties"]) == ([2], ["analyst"], [["LIS", "SHA"]])


def test_what_was_changed_meanwhile_is_not_written_over(house: House) -> None:
    ada = house.signed_in()
    form = {"name": "Marta Marques", "role": "analyst", "properties": [], "version": 1}
    assert ada.post(f"/people/{house.marta}", form).status_code == 200
    stale = ada.post(f"/people/{house.marta}", {**form, "role": "marketer"})
    assert stale.status_code == 409 and "changed by somebody else meanwhile" in words(stale)


def test_whose_access_ends_is_out_at_once_and_may_be_invited_again(house: House) -> None:
    marta, ada = house.signed_in(MARTA_MAIL, MARTAS), house.signed_in()
    assert "access ended" in words(ada.post(f"/people/{house.marta}/ending"))
    assert "access ended" in words(ada.post(f"/people/{house.marta}/ending"))  # twice is once
    assert marta.get("/account").status_code == 302
    marta.get("/sign-in")
    assert marta.post("/sign-in", {"email": MARTA_MAIL, "password": MARTAS}).status_code == 422
    assert ada.post("/people", {**DINA, "email": MARTA_MAIL}).status_code == 201
    assert marta.get("/account").status_code == 302  # her old session stays ended
    said = house.said("access.changed.v1")
    assert [(one["role"], one["version"]) for one in said if one["person_id"] == [str(house.marta)]] == [
        (["marketer"], [1]),
        ([None], [2]),
        (["duty_manager"], [3]),
    ]


def test_the_last_administrator_stays(house: House) -> None:
    ada = house.signed_in()
    assert "This is the only administrator" in words(ada.post(f"/people/{house.ada}/ending"))
    form = {"name": "Ada Azevedo", "role": "analyst", "version": 1}
    assert "This is the only administrator" in words(ada.post(f"/people/{house.ada}", form))
    with house.database.transaction() as tx:
        second = Member(name="Bea Brito", role=Role.ADMINISTRATOR)
        bea = ensure_person(tx, email="bea@casa.example.com", wanted=second, password="some words of no use", at=NOW)
        end_access(tx, house.ada, "Bea Brito", NOW)
        with pytest.raises(InputError):
            end_access(tx, bea, "Bea Brito", NOW)


def test_a_new_one_time_password_ends_the_old_one(house: House) -> None:
    marta, ada = house.signed_in(MARTA_MAIL, MARTAS), house.signed_in()
    answer = ada.post(f"/people/{house.marta}/password")
    assert answer.status_code == 201 and "A one-time password for Marta Marques" in words(answer)
    assert marta.get("/account").status_code == 302
    marta.get("/sign-in")
    assert marta.post("/sign-in", {"email": MARTA_MAIL, "password": MARTAS}).status_code == 422


def test_nobody_is_found_at_an_address_that_is_nobodys(house: House) -> None:
    ada = house.signed_in()
    assert ada.get("/people/00000000-0000-5000-8000-000000000000").status_code == 404
    assert ada.post("/people/00000000-0000-5000-8000-000000000000/ending").status_code == 404


def test_addresses_rest_sealed_and_passwords_as_hashes(house: House) -> None:
    with house.database.transaction() as tx:
        rows = str(tx.execute("select * from account").fetchall()) + str(tx.execute("select * from outbox").fetchall())
    assert ADA_MAIL not in rows and MARTAS not in rows


def heard_elsewhere(house: House, other: Database) -> None:
    with other.transaction() as tx:
        for chunk in house.said("access.changed.v1"):
            keep_people(tx, chunk, NOW)


def test_a_key_is_shown_once_opens_other_services_and_is_ended(house: House, make_database: MakeDatabase) -> None:
    ada, segments = house.signed_in(), make_database("segments")
    answer = ada.post(
        "/people/keys", {"name": "Front desk system", "properties": ["LIS"], "grants": ["imports:write", "guests:read"]}
    )
    assert answer.status_code == 201
    found = re.search(r"glk_([0-9a-f]{32})_([0-9a-f]{48})", words(answer))
    assert found and found[2] not in words(ada.get("/people"))
    heard_elsewhere(house, segments)
    with segments.transaction() as tx:
        who = program(tx, UUID(found[1]), found[2], NOW)
        assert who and (who.name, who.role, who.properties) == ("Front desk system", Role.PROGRAM, frozenset({"LIS"}))
        assert program(tx, UUID(found[1]), "0" * 48, NOW) is None
    for _ in range(2):
        assert "ended" in words(ada.post(f"/people/keys/{UUID(found[1])}/ending"))
    heard_elsewhere(house, segments)
    with segments.transaction() as tx:
        assert program(tx, UUID(found[1]), found[2], NOW) is None
    assert len([1 for chunk in house.said("access.changed.v1") if chunk["name"] == ["Front desk system"]]) == 2


def test_a_key_without_a_name_is_not_made(house: House) -> None:
    answer = house.signed_in().post("/people/keys", {"name": " ", "properties": ["SHA"], "grants": ["imports:write"]})
    assert answer.status_code == 422 and "This is needed." in words(answer)


def test_who_may_do_what_is_said_again_to_a_service_that_lost_it(house: House, make_database: MakeDatabase) -> None:
    ada, segments = house.signed_in(), make_database("segments")
    ada.post("/people/keys", {"name": "Front desk system", "grants": ["imports:write"]})
    with house.database.transaction() as tx:
        tx.execute("delete from outbox")
        end_access(tx, house.marta, "Ada Azevedo", NOW)
        tx.execute("delete from outbox")
    assert republish(house.database, access_again, NOW, most=2) == 3
    assert republish(house.database, properties_again, NOW, most=1) == 2
    heard_elsewhere(house, segments)
    with segments.transaction() as tx:
        for chunk in house.said("property.changed.v1"):
            keep_hotels(tx, chunk, NOW)
        known = "select name, role, sessions_ended, secret_hash is null from person_known order by name"
        assert tx.execute(known).fetchall() == [
            ("Ada Azevedo", "administrator", 0, True),
            ("Front desk system", "program", 0, False),
            ("Marta Marques", None, 1, True),
        ]
        assert [hotel.code for hotel in hotels(tx)] == ["LIS", "SHA"]


def test_a_key_grants_what_was_ticked_until_its_term_ends(house: House, make_database: MakeDatabase) -> None:
    ada, segments = house.signed_in(), make_database("segments")
    form = {"name": "The shop", "grants": ["guests:read", "stays:read"], "lasts": "30"}
    found = re.search(r"glk_([0-9a-f]{32})_([0-9a-f]{48})", words(ada.post("/people/keys", form)))
    assert found
    heard_elsewhere(house, segments)
    with segments.transaction() as tx:
        who = program(tx, UUID(found[1]), found[2], NOW + timedelta(days=29))
        assert who and who.grants == {Grant.GUESTS_READ, Grant.STAYS_READ}
        assert not any(who.may(one) for one in May)
        assert program(tx, UUID(found[1]), found[2], NOW + timedelta(days=30)) is None
    shown = words(ada.get("/people"))
    assert "Read stays" in shown and "good until" in shown and "never" in shown


@pytest.mark.parametrize(
    ("form", "problem"),
    [({}, "Tick what"), ({"grants": ["everything"]}, "Tick what"), ({"grants": ["guests:read"], "lasts": "x"}, "days")],
)
def test_a_key_that_grants_nothing_or_lasts_no_time_is_not_made(house: House, form: Any, problem: str) -> None:
    answer = house.signed_in().post("/people/keys", {"name": "The shop", **form})
    assert answer.status_code == 422 and problem in words(answer)
    assert not [1 for chunk in house.said("access.changed.v1") if chunk["name"] == ["The shop"]]


def test_when_a_key_was_last_used_is_heard_of_every_service_and_shown(house: House) -> None:
    ada = house.signed_in()
    ada.post("/people/keys", {"name": "The shop", "grants": ["guests:read"]})
    with house.database.transaction() as tx:
        row = tx.execute("select key_id from api_key where name = 'The shop'").fetchone()
        assert row is not None
        later, earlier = NOW + timedelta(days=2), NOW + timedelta(days=1)
        for at in (later, earlier):  # the earlier one comes late
            used = KeyUsed(key_id=row[0], service="segments", version=int(at.timestamp()), used_at=at)
            keep_key_uses(tx, off_the_wire(chunk_of([used])), NOW)
        assert api_keys.last_uses(tx) == {row[0]: later}
    assert "never" not in words(ada.get("/people"))
