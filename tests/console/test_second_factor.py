"""The second factor through the pages: an authenticator app, recovery codes, and what the house demands."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from werkzeug.test import TestResponse

from guestloop.composition.first_admin import reset_second_factor
from guestloop.composition.services import Group
from services.console.commands.accounts import Member, change_member
from services.console.commands.second_factor.passkeys import Place
from services.console.config import Config
from services.console.pages.account import proofs
from services.console.service import SERVICE
from services.console.store import passkeys
from services.console.store.accounts import by_id
from services.console.store.passkeys import Passkey
from shared.crypto.purposes import Sealing
from shared.errors import NotFound
from shared.vocabulary.role import Role
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import ADA_MAIL, ADAS, MARTA_MAIL, MARTAS, House, open_house
from tests.web import Browser, words

HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


def secret_on(page: TestResponse) -> str:
    found = re.search(r"<code>([A-Z2-7 ]{20,})</code>", page.get_data(as_text=True))
    assert found
    return found[1].replace(" ", "")


def code(house: House, secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(house.clock.now() + steps * HALF_MINUTE)


def codes_on(page: TestResponse) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]+)</code></li>", page.get_data(as_text=True))


def connect(house: House, browser: Browser) -> tuple[str, list[str]]:
    """The secret, and the recovery codes."""
    browser.get("/account/second-factor")
    page = browser.post("/account/second-factor/authenticator")
    assert page.get_data(as_text=True).count('class="segno"') == 1
    secret = secret_on(page)
    browser.get("/account/second-factor/authenticator")
    done = browser.post("/account/second-factor/authenticator/confirmation", {"code": code(house, secret)})
    wait(house, HALF_MINUTE * 2)
    return secret, codes_on(done)


def wait(house: House, pause: timedelta) -> None:
    house.clock.advance_to(house.clock.now() + pause)


def first_step(house: House, email: str = MARTA_MAIL, password: str = MARTAS, *, at: str = "10.0.0.1") -> Browser:
    browser = house.browser(at=at)
    browser.get("/sign-in")
    browser.post("/sign-in", {"email": email, "password": password, "next": "/account"}, follow=False)
    browser.get("/sign-in/code")
    return browser


def try_code(browser: Browser, typed: str) -> TestResponse:
    return browser.post("/sign-in/code", {"code": typed}, follow=False)


def test_with_an_app_connected_a_password_opens_the_code_form_and_nothing_else(house: House) -> None:
    secret, _ = connect(house, house.signed_in(MARTA_MAIL, MARTAS))
    marta = first_step(house)
    for path in ("/account", "/", "/account/second-factor"):
        assert marta.get(path).status_code == 302, path
    assert house.one("select count(*) from session") == 1
    marta.get("/sign-in/code")
    answer = try_code(marta, code(house, secret))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "with a code of the authenticator app" in words(marta.get("/account"))


def test_a_code_counts_once_and_a_clock_may_be_wrong_by_half_a_minute(house: House) -> None:
    secret, _ = connect(house, house.signed_in(MARTA_MAIL, MARTAS))
    used = code(house, secret, steps=1)
    assert try_code(first_step(house), used).status_code == 303
    assert try_code(first_step(house), used).status_code == 422
    assert try_code(first_step(house), code(house, secret)).status_code == 422  # older than one that was taken
    wait(house, HALF_MINUTE * 3)
    assert try_code(first_step(house), code(house, secret, steps=-2)).status_code == 422
    assert try_code(first_step(house), code(house, secret, steps=2)).status_code == 422
    spaced = code(house, secret, steps=-1)
    assert try_code(first_step(house), f" {spaced[:3]} {spaced[3:]} ").status_code == 303


def test_codes_are_throttled_as_passwords_are_and_the_password_does_not_begin_the_count_anew(house: House) -> None:
    secret, _ = connect(house, house.signed_in(MARTA_MAIL, MARTAS))
    answers = [try_code(first_step(house, at="203.0.113.9"), "000000").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert try_code(first_step(house, at="10.0.0.1"), code(house, secret)).status_code == 303  # from elsewhere


def test_ten_recovery_codes_are_shown_once_and_each_opens_the_account_once(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    _, codes = connect(house, marta)
    assert len(set(codes)) == 10
    assert codes_on(marta.get("/account/second-factor/recovery-codes", follow_redirects=True)) == []
    assert try_code(first_step(house), codes[3].upper().replace("-", " ")).status_code == 303
    assert try_code(first_step(house), codes[3]).status_code == 422
    assert "9 codes are left." in words(marta.get("/account/second-factor"))
    new = codes_on(marta.post("/account/second-factor/recovery-codes"))
    assert len(new) == 10
    assert try_code(first_step(house), codes[4]).status_code == 422
    assert try_code(first_step(house), new[4]).status_code == 303


def test_secrets_rest_sealed_and_codes_as_hashes(house: House) -> None:
    secret, codes = connect(house, house.signed_in(MARTA_MAIL, MARTAS))
    kept = house.one("select secret from authenticator")
    assert house.database.keyring.open(kept, Sealing.SECRET) == secret
    stored = " ".join(
        str(row)
        for table in ("authenticator", "recovery_code", "audit_entry", "outbox")
        for row in house.all(f"select {table}::text from {table}")
    )
    assert secret not in stored and not [one for one in codes if one in stored or one.replace("-", "") in stored]


def test_a_wrong_code_connects_no_app(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    marta.get("/account/second-factor")
    marta.post("/account/second-factor/authenticator")
    answer = marta.post("/account/second-factor/authenticator/confirmation", {"code": "12"})
    assert answer.status_code == 422 and "This code is not right." in words(answer)
    assert house.signed_in(MARTA_MAIL, MARTAS).get("/account").status_code == 200


def test_half_a_session_ends_after_ten_minutes_and_with_the_persons_sessions(house: House) -> None:
    secret, _ = connect(house, house.signed_in(MARTA_MAIL, MARTAS))
    late = first_step(house)
    wait(house, timedelta(minutes=10))
    assert try_code(late, code(house, secret)).headers["Location"] == "/sign-in"
    ended = first_step(house)
    ada = house.signed_in()
    ada.get(f"/people/{house.marta}")
    ada.post(f"/people/{house.marta}/password")
    assert try_code(ended, code(house, secret)).headers["Location"] == "/sign-in"


def test_how_one_signs_in_is_changed_only_shortly_after_proving_who_one_is(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    wait(house, proofs.LASTS)
    marta.get("/account/second-factor")
    asked = marta.post("/account/second-factor/authenticator", follow=False)
    assert asked.headers["Location"] == "/account/confirmation?next=/account/second-factor"
    marta.get("/account/confirmation?next=/account/second-factor")
    wrong = marta.post("/account/confirmation", {"password": ADAS, "next": "/account/second-factor"})
    assert wrong.status_code == 422
    right = marta.post("/account/confirmation", {"password": MARTAS, "next": "/account/second-factor"}, follow=False)
    assert right.headers["Location"] == "/account/second-factor"
    assert connect(house, marta)[0]


def demand(ada: Browser, *, on: bool = True) -> TestResponse:
    ada.get("/people")
    return ada.post("/people/rules", {"second_factor": "1" if on else ""})


def test_who_demands_a_second_factor_of_administrators_has_one(house: House) -> None:
    ada = house.signed_in()
    assert "Set up your own second factor first" in words(demand(ada))
    assert house.one("select second_factor_for_administrators from team_rule") is False
    connect(house, ada)
    assert "Administrators need a second factor." in words(demand(ada))
    assert ada.get("/account").status_code == 200
    assert "Administrators may sign in with their password alone." in words(demand(ada, on=False))


def test_an_administrator_without_one_sets_it_up_before_anything_else(house: House) -> None:
    with house.database.transaction() as tx:
        marta = by_id(tx, house.marta)
        assert marta is not None
        change_member(tx, house.marta, Member(name=marta.name, role=Role.ADMINISTRATOR), marta.version, "a", NOW)
    open_page = house.signed_in(MARTA_MAIL, MARTAS)
    ada = house.signed_in()
    connect(house, ada)
    demand(ada)
    assert open_page.get("/account").status_code == 302  # signed out
    marta_again = house.browser()
    marta_again.get("/sign-in")
    answer = marta_again.post("/sign-in", {"email": MARTA_MAIL, "password": MARTAS}, follow=False)
    assert answer.headers["Location"] == "/sign-in/second-factor"
    for path in ("/", "/account", "/people"):
        assert marta_again.get(path).status_code == 302, path
    secret = secret_on(marta_again.get("/sign-in/second-factor"))
    assert secret == secret_on(marta_again.get("/sign-in/second-factor"))  # a reload keeps the picture
    assert marta_again.post("/sign-in/second-factor", {"code": "000"}).status_code == 422
    done = marta_again.post("/sign-in/second-factor", {"code": code(house, secret)})
    assert len(codes_on(done)) == 10
    assert marta_again.get("/people").status_code == 200
    marta_again.get("/account/second-factor")
    refused = marta_again.post("/account/second-factor/authenticator/removal")
    assert "add another one before you remove this one" in words(refused)


def test_who_becomes_an_administrator_without_one_is_signed_out(house: House) -> None:
    ada, marta = house.signed_in(), house.signed_in(MARTA_MAIL, MARTAS)
    connect(house, ada)
    demand(ada)
    assert marta.get("/account").status_code == 200
    ada.get(f"/people/{house.marta}")
    ada.post(f"/people/{house.marta}", {"name": "Marta Marques", "role": "administrator", "version": "1"})
    assert marta.get("/account").status_code == 302


def test_an_administrator_takes_off_a_lost_second_factor_and_all_sessions_end(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    _, codes = connect(house, marta)
    ada = house.signed_in()
    ada.get(f"/people/{house.marta}")
    assert "The second factor is taken off." in words(ada.post(f"/people/{house.marta}/second-factor/removal"))
    assert marta.get("/account").status_code == 302
    assert house.signed_in(MARTA_MAIL, MARTAS).get("/account").status_code == 200  # the password alone
    assert house.one("select count(*) from recovery_code") == 0 and codes
    assert ("Ada Azevedo", "second_factor.reset") in house.all("select actor, action from audit_entry")
    again = house.signed_in(MARTA_MAIL, MARTAS)
    assert again.post(f"/people/{house.ada}/second-factor/removal").status_code == 403


def test_where_no_administrator_is_left_the_command_line_takes_it_off(house: House) -> None:
    ada = house.signed_in()
    connect(house, ada)
    group = Group({"console": SERVICE.build(Config(), house.database, house.clock)})
    reset_second_factor(group, ADA_MAIL.upper(), house.clock.now())
    assert ada.get("/account").status_code == 302
    assert house.signed_in().get("/account").status_code == 200
    for email in (ADA_MAIL, "nobody@casa.example.com"):
        with pytest.raises(NotFound, match="second factor"):
            reset_second_factor(group, email, house.clock.now())


def test_one_removes_ones_own_app_and_its_codes_open_nothing(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    connect(house, marta)
    marta.get("/account/second-factor")
    marta.post("/account/second-factor/authenticator/removal")
    assert house.signed_in(MARTA_MAIL, MARTAS).get("/account").status_code == 200
    assert house.one("select count(*) from recovery_code") == 0


def test_a_passkey_alone_makes_the_password_ask_for_it(house: House) -> None:
    with house.database.transaction() as tx:
        assert passkeys.add(tx, Passkey(b"key", house.marta, b"public", 0, "Laptop", NOW))
    marta = house.browser()
    marta.get("/sign-in")
    answer = marta.post("/sign-in", {"email": MARTA_MAIL, "password": MARTAS}, follow=False)
    assert answer.headers["Location"] == "/sign-in/code"


@pytest.mark.parametrize("answer", [None, {}, {"id": "!"}, {"id": "a2V5"}, [1], "x", {"id": 5}])
def test_what_no_passkey_said_opens_nothing_and_uses_up_the_question(house: House, answer: object) -> None:
    with house.database.transaction() as tx:
        passkeys.add(tx, Passkey(b"key", house.marta, b"public", 0, "Laptop", NOW))
    stranger = house.browser(origin="http://localhost:8080")
    stranger.get("/sign-in")
    headers = {"X-CSRFToken": stranger._token}
    asked = stranger.client.post("/sign-in/passkey/question", json={}, headers=headers)
    assert asked.json is not None and asked.json["rpId"] == "localhost" and asked.json["userVerification"] == "required"
    assert house.one("select count(*) from passkey_challenge") == 1
    for _ in range(2):
        said = stranger.client.post("/sign-in/passkey", json={"answer": answer}, headers=headers)
        assert said.status_code == 422
    assert house.one("select count(*) from passkey_challenge") == 0


def test_questions_that_nobody_answered_come_to_an_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST_CHALLENGES", 3)
    stranger = house.browser(origin="http://localhost:8080")
    stranger.get("/sign-in")
    for _ in range(6):
        stranger.client.post("/sign-in/passkey/question", json={}, headers={"X-CSRFToken": stranger._token})
    assert house.one("select count(*) from passkey_challenge") == 4
    wait(house, timedelta(minutes=6))
    stranger.client.post("/sign-in/passkey/question", json={}, headers={"X-CSRFToken": stranger._token})
    assert house.one("select count(*) from passkey_challenge") == 1


@pytest.mark.parametrize(
    ("origin", "possible"),
    [
        ("https://loop.example.com", True),
        ("http://localhost:8080", True),
        ("http://loop.example.com", False),
        ("http://127.0.0.1:8080", False),
        ("https://192.0.2.1", False),
        ("https://[::1]:8443", False),
    ],
)
def test_passkeys_need_a_name_and_https(origin: str, possible: bool) -> None:
    assert Place(origin).is_possible is possible


def test_where_passkeys_are_not_possible_the_page_says_why(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    assert "Passkeys need an address with a name" in words(marta.get("/account/second-factor"))
    assert "passkey" not in words(house.browser().get("/sign-in"))


def test_every_step_stands_in_the_audit_trail(house: House) -> None:
    _, codes = connect(house, house.signed_in(MARTA_MAIL, MARTAS))
    try_code(first_step(house), codes[0])
    found = house.all("select action, details from audit_entry where actor = 'Marta Marques'")
    assert sorted(found, key=str) == [
        ("second_factor.authenticator_added", {}),
        ("second_factor.recovery_code_used", {"left": 9}),
        ("second_factor.recovery_codes_made", {}),
        ("signed_in", {"how": "password"}),
        ("signed_in", {"how": "recovery_code"}),
    ]
