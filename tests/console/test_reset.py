"""A forgotten password and an invitation: links that work once, for a while, and lie nowhere."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from services.console.commands.accounts import end_access
from services.console.commands.signing_in import hashing
from services.console.commands.signing_in.hashing import Turnstile
from services.console.commands.signing_in.links import ask_for_link, choose_password_by_link, make_link
from services.console.config import Config
from services.console.rules.links import LinkKind, free_again
from services.console.rules.pauses import AttemptKind
from services.console.store import links
from shared.crypto.purposes import Sealing, Signing
from shared.crypto.signing import BadLink, LinkSigner
from shared.database.pool import Tx
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import ADA_MAIL, ADAS, MARTA_MAIL, MARTAS, House, open_house
from tests.web import Browser, words

NEW = "seven lemons in the snow"
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    house = open_house(make_database("console"))
    house.sends_mail()
    return house


def forgot(house: House, email: str, at: str = "10.0.0.1") -> TestResponse:
    browser = house.browser(at=at)
    browser.get("/sign-in")
    return browser.post("/sign-in/forgotten", {"email": email}, follow=False)


def token(house: House, place: int = -1) -> str:
    """Of the link that messaging makes of what was published."""
    link = house.published("notice.requested.v1")[place]["link"]
    return LinkSigner.of(house.database.keyring, Signing.ACCOUNT_LINKS).sign("account", UUID(link))


def follows(house: House, its_token: str) -> Browser:
    browser = house.browser()
    assert browser.get(f"/sign-in/link/{its_token}").headers["Location"] == "/sign-in/link"
    browser.get("/sign-in/link")
    return browser


def signs_in(house: House, email: str, password: str) -> int:
    browser = house.browser(at="10.0.0.77")
    browser.get("/sign-in")
    return browser.post("/sign-in", {"email": email, "password": password}, follow=False).status_code


def test_who_forgot_their_password_chooses_a_new_one_by_a_link(house: House) -> None:
    elsewhere = house.signed_in(MARTA_MAIL, MARTAS)
    answer = forgot(house, f" {MARTA_MAIL.upper()} ")
    assert answer.headers["Location"] == "/sign-in/forgotten/asked"
    (asked,) = house.published("notice.requested.v1")
    assert (asked["kind"], asked["channel"], asked["lane"]) == ("password_reset", "email", "stay")
    assert house.database.keyring.open(asked["address"], Sealing.NOTICE) == MARTA_MAIL
    marta = follows(house, token(house))
    page = marta.get("/sign-in/link")
    assert "For Marta Marques, marta@casa.example.com." in words(page)
    assert token(house) not in page.get_data(as_text=True) and page.headers["Cache-Control"] == "no-store"
    assert "Twelve characters at least." in words(marta.post("/sign-in/link", {"password": "short"}))
    assert "Your password is set" in words(marta.post("/sign-in/link", {"password": NEW}))
    assert marta.get("/account").status_code == 302  # a link alone lets nobody in
    assert elsewhere.get("/account").status_code == 302
    assert signs_in(house, MARTA_MAIL, MARTAS) == 422
    assert signs_in(house, MARTA_MAIL, NEW) == 303
    assert [each["kind"] for each in house.published("notice.requested.v1")][1:] == ["password_changed"]


def test_the_same_answer_is_given_whether_there_is_an_account_or_not(house: House) -> None:
    known, unknown = forgot(house, MARTA_MAIL, "10.0.0.2"), forgot(house, "nobody@casa.example.com", "10.0.0.3")
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert words(known) == words(unknown)
    assert len(house.published("notice.requested.v1")) == 1
    assert house.one("select count(*) from account_link") == 1


@pytest.mark.parametrize("who", ["nobody@casa.example.com", "ended@casa.example.com", "provider@casa.example.com"])
def test_the_same_statements_run_whether_there_is_an_account_or_not(house: House, who: str) -> None:
    """So it takes as long: no clock on the other side can tell them apart."""
    if who.startswith("ended"):
        with house.database.transaction() as tx:
            end_access(tx, house.marta, "Ada", NOW)
        who = MARTA_MAIL
    admits = (lambda _: False) if who.startswith("provider") else (lambda _: True)
    who = MARTA_MAIL if who.startswith("provider") else who
    assert _statements(house, who, admits) == _statements(house, ADA_MAIL, lambda _: True)
    assert {each["details"]["name"] for each in house.published("notice.requested.v1")} == {"Ada Azevedo"}
    assert house.one("select count(*) from account_link") == 1


def _statements(house: House, email: str, admits: Any) -> list[str]:
    with house.database.transaction() as tx:
        seen: list[str] = []

        class Listening(Tx):
            def execute(self, query: Any, params: Any = None) -> Any:
                seen.append(" ".join(str(query).split()))
                return super().execute(query, params)

        ask_for_link(Listening(tx.connection, tx.service, tx.keyring), email, "10.0.0.9", NOW, admits)
    return seen


@pytest.mark.parametrize("email", [MARTA_MAIL, "nobody@casa.example.com"])
def test_who_asks_again_and_again_waits_known_or_not_and_another_does_not(house: House, email: str) -> None:
    answers = [forgot(house, email).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    assert "Too many attempts. Wait 2 minutes." in words(forgot(house, email))
    assert forgot(house, ADA_MAIL).status_code == 303
    house.clock.advance_to(NOW + timedelta(minutes=1))
    assert forgot(house, email).status_code == 303


def test_one_machine_that_asks_for_many_accounts_is_held_up_too(house: House) -> None:
    answers = [forgot(house, f"n{number}@casa.example.com", "10.9.9.9").status_code for number in range(26)]
    assert answers == [303] * 25 + [429]
    assert forgot(house, MARTA_MAIL, "10.9.9.8").status_code == 303


def test_the_addresses_of_one_subscriber_are_one_machine(house: House) -> None:
    answers = [forgot(house, f"n{n}@casa.example.com", f"2001:db8::{n:x}").status_code for n in range(1, 27)]
    assert answers == [303] * 25 + [429]


def test_links_asked_for_hold_up_no_sign_in(house: House) -> None:
    for _ in range(4):
        forgot(house, MARTA_MAIL)
    assert house.signed_in(MARTA_MAIL, MARTAS).get("/account").status_code == 200


def test_a_pause_is_shorter_than_a_link_lasts() -> None:
    longest = max(free_again(kind, 10_000, NOW) - NOW for kind in (AttemptKind.ACCOUNT, AttemptKind.ADDRESS))
    assert longest < LinkKind.PASSWORD_RESET.lasts


def test_a_link_works_once_and_takes_the_others_with_it(house: House) -> None:
    for _ in range(2):
        forgot(house, MARTA_MAIL)
    first, second = token(house, 0), token(house, 1)
    again, other = follows(house, first), follows(house, second)
    assert "Your password is set" in words(follows(house, first).post("/sign-in/link", {"password": NEW}))
    for browser in (again, other):
        answer = browser.post("/sign-in/link", {"password": "another set of words"})
        assert answer.status_code == 404 and "does not work any more" in words(answer)
    assert house.browser().get(f"/sign-in/link/{first}").status_code == 404
    assert signs_in(house, MARTA_MAIL, NEW) == 303


def test_a_link_is_still_there_after_too_many_passwords_were_hashed_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgot(house, MARTA_MAIL)
    marta = follows(house, token(house))
    monkeypatch.setattr(hashing, "KNOWN", full := Turnstile(at_once=1, waiting=0))
    with full.passing():
        answer = marta.post("/sign-in/link", {"password": NEW})
    assert answer.status_code == 503 and "try again in a few seconds" in words(answer)
    assert "Your password is set" in words(marta.post("/sign-in/link", {"password": NEW}))


def test_two_who_use_one_link_at_once_are_one(house: House) -> None:
    with house.database.transaction() as tx:
        link = make_link(tx, house.marta, "Ada", NOW)
    outcomes: list[str] = []

    def choose(password: str) -> None:
        try:
            with house.database.transaction() as tx:
                choose_password_by_link(tx, link.link_id, password, NOW)
            outcomes.append("chosen")
        except BadLink:
            outcomes.append("gone")

    threads = [threading.Thread(target=choose, args=[f"{NEW} number {number}"]) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["chosen", "gone", "gone"]


def test_a_link_ends_after_half_an_hour_an_invitation_after_a_week(house: House) -> None:
    forgot(house, MARTA_MAIL)
    marta = follows(house, token(house))
    house.clock.advance_to(NOW + HALF_AN_HOUR)
    assert marta.post("/sign-in/link", {"password": NEW}).status_code == 404
    assert house.browser().get(f"/sign-in/link/{token(house)}").status_code == 404
    assert house.published("notice.requested.v1")[0]["useful_until"] == "2026-11-21T12:30:00Z"
    assert LinkKind.INVITATION.lasts == timedelta(days=7)


@pytest.mark.parametrize("bad", ["x", "A" * 66, "{}.{}"])
def test_a_link_that_was_not_made_here_opens_nothing(house: House, bad: str) -> None:
    forgot(house, MARTA_MAIL)
    good = token(house)
    forged = bad.format(good.partition(".")[0], "A" * 43)
    assert house.browser().get(f"/sign-in/link/{forged}").status_code == 404
    with house.database.transaction() as tx:
        link = links.last_of(tx, house.marta)
    assert link is not None
    of_a_guest = LinkSigner.of(house.database.keyring, Signing.ACCOUNT_LINKS).sign("survey", link.link_id)
    assert house.browser().get(f"/sign-in/link/{of_a_guest}").status_code == 404
    browser = house.browser()
    browser.get("/sign-in")
    assert browser.post("/sign-in/link", {"password": NEW}).status_code == 404


def test_access_that_ends_takes_its_links_with_it(house: House) -> None:
    forgot(house, MARTA_MAIL)
    with house.database.transaction() as tx:
        end_access(tx, house.marta, "Ada", NOW)
    assert house.browser().get(f"/sign-in/link/{token(house)}").status_code == 404
    assert house.one("select count(*) from account_link") == 0


def test_neither_the_link_nor_its_signature_is_kept_anywhere(house: House) -> None:
    forgot(house, MARTA_MAIL)
    its = token(house)
    follows(house, its)
    tables = house.all("select table_name from information_schema.tables where table_schema = 'public'")
    for (table,) in tables:
        kept = str(house.all(f'select each::text from "{table}" as each'))
        assert its not in kept and its.partition(".")[2] not in kept, table


def test_a_mail_scanner_that_opens_the_link_uses_nothing_up(house: House) -> None:
    forgot(house, MARTA_MAIL)
    for _ in range(3):
        house.browser().get(f"/sign-in/link/{token(house)}")
    assert "Your password is set" in words(follows(house, token(house)).post("/sign-in/link", {"password": NEW}))


def test_a_new_password_chosen_on_ones_own_page_is_told_by_mail_too(house: House) -> None:
    house.signed_in(MARTA_MAIL, MARTAS).post("/account/password", {"old": MARTAS, "password": NEW})
    assert [each["kind"] for each in house.published("notice.requested.v1")] == ["password_changed"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/sign-in", "忘记密码"),
        ("/sign-in/forgotten", "发送链接"),
        ("/sign-in/forgotten/asked", "请查看您的邮箱"),
        ("/sign-in/link", "此链接已失效"),
        ("/sign-in/link/done", "密码已设置"),
    ],
)
def test_the_pages_of_a_forgotten_password_are_read_in_chinese(house: House, path: str, says: str) -> None:
    assert says in words(house.browser().get(path, headers={"Accept-Language": "zh"}))


def test_who_signs_in_by_the_provider_alone_gets_no_link(house: House) -> None:
    house.config = Config(None, provider_only=True)
    assert forgot(house, MARTA_MAIL).status_code == 303 and forgot(house, ADA_MAIL).status_code == 303
    assert [each["details"]["name"] for each in house.published("notice.requested.v1")] == ["Ada Azevedo"]
    assert house.signed_in(ADA_MAIL, ADAS).post(f"/people/{house.marta}/link").status_code == 422
