"""Links that administrators make for colleagues: mailed, or shown once; what became of the mail; invitations."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from services.console.commands.signing_in.links import make_link, token_of
from shared.events.dictionary import chunk_of
from shared.events.messaging import NoticeSettled
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeKind, NoticeReason, NoticeState
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import MARTA_MAIL, MARTAS, House, open_house
from tests.console.test_reset import follows, forgot, signs_in, token
from tests.web import words

NEW = "seven lemons in the snow"
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    house = open_house(make_database("console"))
    house.sends_mail()
    return house


def test_with_no_real_sender_an_administrator_is_shown_the_link_once(make_database: MakeDatabase) -> None:
    house = open_house(make_database("console"))
    house.origin = "https://loop.example.com"
    assert "No mail is sent from this installation." in words(house.browser().get("/sign-in/forgotten"))
    assert "No mail is sent" in words(forgot(house, MARTA_MAIL))
    ada = house.signed_in()
    path = f"/people/{house.marta}/link"
    page = ada.post(path)
    assert page.status_code == 201 and "no mail is sent" in words(page)
    (shown,) = re.findall(r"https://loop\.example\.com/sign-in/link/([\w.-]+)", page.get_data(as_text=True))
    assert page.headers["Cache-Control"] == "no-store"
    assert ada.get(path).headers["Location"] == f"/people/{house.marta}"
    assert shown not in ada.get(f"/people/{house.marta}").get_data(as_text=True)
    assert "Your password is set" in words(follows(house, shown).post("/sign-in/link", {"password": NEW}))
    assert house.published("notice.requested.v1") == []


def test_an_administrator_sends_a_colleague_a_link_and_sees_what_became_of_it(house: House) -> None:
    ada, path = house.signed_in(), f"/people/{house.marta}"
    ada.get(path)
    answer = ada.post(f"{path}/link")
    assert "A link is on its way to marta@casa.example.com." in words(answer) and "planned" in words(answer)
    (asked,) = house.published("notice.requested.v1")
    assert asked["details"] == {"name": "Marta Marques", "by": "Ada Azevedo"}
    for version, state, reason in ((4, NoticeState.FAILED, NoticeReason.BAD_ADDRESS), (2, NoticeState.UNKNOWN, None)):
        said: dict[str, Any] = {"kind": NoticeKind.PASSWORD_RESET, "channel": Channel.EMAIL, "occurred_at": NOW}
        settled = NoticeSettled(notice_id=asked["notice_id"], version=version, state=state, reason=reason, **said)
        house.hear_at(NOW, chunk_of([settled]))
    assert "not sent: nobody is reached at this address or number" in words(ada.get(path))
    assert signs_in(house, MARTA_MAIL, MARTAS) == 303  # until it is used, nothing changes


def test_an_invitation_goes_by_mail_where_mail_leaves(house: House) -> None:
    ada = house.signed_in()
    assert "gets a link by mail" in words(ada.get("/people/new"))
    form = {"email": "dina@casa.example.com", "name": "Dina Duarte", "role": "duty_manager", "properties": "LIS"}
    answer = ada.post("/people", form)
    assert answer.status_code == 200 and "A link is on its way to dina@casa.example.com." in words(answer)
    assert not re.search(r"<code>", answer.get_data(as_text=True))  # no one-time password to read out
    (asked,) = house.published("notice.requested.v1")
    assert (asked["kind"], asked["details"]["by"]) == ("invitation", "Ada Azevedo")
    house.clock.advance_to(NOW + timedelta(days=6))
    assert "Your password is set" in words(follows(house, token(house)).post("/sign-in/link", {"password": NEW}))
    assert signs_in(house, "dina@casa.example.com", NEW) == 303
    assert [each["kind"] for each in house.published("notice.requested.v1")] == ["invitation"]


def test_an_invitation_that_ran_out_is_sent_again(house: House) -> None:
    ada = house.signed_in()
    ada.get("/people/new")
    form = {"email": "dina@casa.example.com", "name": "Dina Duarte", "role": "duty_manager", "properties": "LIS"}
    ada.post("/people", form)
    house.clock.advance_to(NOW + timedelta(days=8))
    ada = house.signed_in()
    person = house.one("select person_id from account where name = 'Dina Duarte'")
    assert "expired" in words(ada.get(f"/people/{person}"))
    ada.post(f"/people/{person}/link")
    kinds = [each["kind"] for each in house.published("notice.requested.v1")]
    assert kinds == ["invitation", "new_device", "invitation"]  # Ada had signed in from another browser meanwhile
    assert "Your password is set" in words(follows(house, token(house)).post("/sign-in/link", {"password": NEW}))


def test_a_link_is_made_by_administrators_only(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    assert marta.post(f"/people/{house.ada}/link").status_code == 403


def test_the_audit_trail_tells_of_links_and_holds_none(house: House) -> None:
    with house.database.transaction() as tx:
        shown = token_of(tx, make_link(tx, house.marta, "Ada Azevedo", NOW))
    forgot(house, MARTA_MAIL)
    entries = house.all("select actor, action, details::text from audit_entry where action = 'person.link_made'")
    assert sorted(actor for actor, _, _ in entries) == ["Ada Azevedo", "sign-in page"]
    assert shown not in str(entries) and str(house.one("select link_id from account_link limit 1")) not in str(entries)
