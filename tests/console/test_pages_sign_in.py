"""The way in and the way out, and one's own account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from services.console.commands.accounts import Member, email_index, ensure_person, first_administrator, invite
from services.console.commands.signing_in import hashing
from services.console.commands.signing_in.hashing import Turnstile
from services.console.config import Config
from services.console.rules.passwords import weakness
from services.console.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.errors import InputError
from shared.vocabulary.role import Role
from shared.web.config import WebConfig
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import ADA_MAIL, ADAS, MARTA_MAIL, MARTAS, House, open_house
from tests.web import Browser, words

NEW = "seven lemons in the snow"
PLANTED = "0b5f6a52-7f0e-4c0b-8a55-4d7a5c1f9f10"


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


def try_it(browser: Browser, email: str, password: str, *, after: str = "/account") -> TestResponse:
    browser.get("/sign-in")
    return browser.post("/sign-in", {"email": email, "password": password, "next": after}, follow=False)


def test_who_signs_in_lands_where_she_wanted_to_go(house: House) -> None:
    marta = house.browser()
    assert marta.get("/account").headers["Location"] == "/sign-in?next=/account"
    answer = try_it(marta, f" {MARTA_MAIL.upper()} ", MARTAS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Marta Marques" in words(marta.get("/account"))
    assert "Casa do Tejo Lisboa" in words(marta.get("/account"))


@pytest.mark.parametrize("around", ["\u200b{}", "mailto:{}", "Marta <{}>", "{};", "\u00a0{}\u00a0"], ids=ascii)
def test_an_address_pasted_with_what_stood_around_it_is_the_same_account(house: House, around: str) -> None:
    assert try_it(house.browser(), around.format(MARTA_MAIL), MARTAS).headers["Location"] == "/account"


def test_an_address_is_cleaned_where_somebody_is_invited_and_one_kept_before_still_signs_in(house: House) -> None:
    with house.database.transaction() as tx:
        account, _ = invite(tx, "\ufeffBen <Ben@casa.example.com>", Member(name="Ben", role=Role.ANALYST), "Ada", NOW)
        assert tx.keyring.open(account.email, Sealing.ACCOUNT) == "ben@casa.example.com"
        raw = tx.keyring.index("account", "'marta@casa.example.com")  # the spelling of an earlier version
        tx.execute("update account set email_index = %s where email_index = %s", [raw, email_index(tx, MARTA_MAIL)])
    assert try_it(house.browser(), "'marta@casa.example.com", MARTAS).headers["Location"] == "/account"


def test_a_form_made_by_another_service_for_the_first_page_is_taken(house: House) -> None:
    """It was made with the cookie of the sign-in, and what the other set was not handed on."""
    marta, elsewhere = house.browser(), house.browser()
    try_it(marta, MARTA_MAIL, MARTAS)
    cookie = marta.client.get_cookie("guestloop")
    assert cookie is not None
    elsewhere.client.set_cookie("guestloop", cookie.value)
    elsewhere.get("/account")
    marta.get("/account")
    marta._token = elsewhere._token
    assert marta.post("/language", {"language": "en"}, follow=False).status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example.com/", "//evil.example.com", "/\\evil.example.com", "javascript:alert(1)", "\t//evil", ""],
)
def test_the_way_in_leads_nowhere_else(house: House, elsewhere: str) -> None:
    assert try_it(house.browser(), MARTA_MAIL, MARTAS, after=elsewhere).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(house: House) -> None:
    wrong = try_it(house.browser(at="10.0.0.2"), MARTA_MAIL, "not this one at all")
    unknown = try_it(house.browser(at="10.0.0.3"), "nobody@casa.example.com", "not this one at all")
    assert wrong.status_code == unknown.status_code == 422
    assert words(wrong) == words(unknown)
    assert "E-mail or password is not right." in words(wrong)


def test_the_address_typed_is_kept_and_the_password_is_not(house: House) -> None:
    page = try_it(house.browser(), MARTA_MAIL, "not this one at all").get_data(as_text=True)
    assert f'value="{MARTA_MAIL}"' in page
    assert "not this one at all" not in page


@pytest.mark.parametrize("email", [MARTA_MAIL, "nobody@casa.example.com"])
def test_each_vain_attempt_makes_the_pause_longer_known_or_not(house: House, email: str) -> None:
    browser = house.browser()
    waits: list[int] = []
    for _ in range(8):
        while (answer := try_it(browser, email, "not this one at all")).status_code == 429:
            waits[-1] += 1
            house.clock.advance_to(house.clock.now() + timedelta(seconds=1))
        waits.append(0)
    assert waits == [0, 0, 0, 0, 5, 10, 20, 0]  # the pause after each attempt; the eighth's was not waited for
    assert answer.status_code == 422


def test_in_the_pause_even_the_right_password_waits_and_another_account_does_not(house: House) -> None:
    browser = house.browser()
    for _ in range(5):
        try_it(browser, MARTA_MAIL, "not this one at all")
    assert "Too many attempts. Wait 6 seconds." in words(try_it(browser, MARTA_MAIL, MARTAS))
    assert try_it(house.browser(), ADA_MAIL, ADAS).status_code == 303
    house.clock.advance_to(NOW + timedelta(seconds=6))
    assert try_it(browser, MARTA_MAIL, MARTAS).status_code == 303
    assert try_it(house.browser(), MARTA_MAIL, "not this one at all").status_code == 422  # the count began anew


def test_one_machine_that_tries_many_accounts_is_held_up_too(house: House) -> None:
    browser = house.browser(at="10.9.9.9")
    answers = [try_it(browser, f"n{number}@casa.example.com", "not this one").status_code for number in range(26)]
    assert answers == [422] * 25 + [429]
    assert try_it(house.browser(at="10.9.9.8"), MARTA_MAIL, MARTAS).status_code == 303


def test_behind_our_own_proxy_the_machine_is_the_one_before_it(house: House) -> None:
    with house.database.transaction() as tx:
        proxy = tx.keyring.index("address", "password address 10.0.0.1")
        tx.execute("insert into sign_in_attempt values ('address', %s, 25, %s)", (proxy, NOW))
    web = WebConfig(gateway="http://127.0.0.1:9", proxies=1)
    behind, plain = Browser(SERVICE.build_web(Config(), house.database, house.clock, web), None), house.browser()
    for browser in (behind, plain):
        browser.client.environ_base.update({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.7"})
    assert try_it(behind, MARTA_MAIL, "not this one").status_code == 422
    assert try_it(plain, MARTA_MAIL, "not this one").status_code == 429  # anybody may write that header


def test_a_one_time_password_opens_one_form_and_then_nothing(house: House) -> None:
    with house.database.transaction() as tx:
        _, password = invite(tx, "dina@casa.example.com", Member(name="Dina Duarte", role=Role.DUTY_MANAGER), "a", NOW)
    dina, again = house.browser(), house.browser()
    for browser in (dina, again):
        answer = try_it(browser, "dina@casa.example.com", password)
        assert answer.headers["Location"] == "/sign-in/password"
        assert browser.get("/account").status_code == 302  # not in yet
    dina.get("/sign-in/password")
    assert "first passwords anybody would try" in words(dina.post("/sign-in/password", {"password": "password1234"}))
    assert dina.post("/sign-in/password", {"password": NEW}, follow=False).headers["Location"] == "/account"
    assert "Dina Duarte" in words(dina.get("/account"))
    again.get("/sign-in/password")
    assert again.post("/sign-in/password", {"password": "another set of words"}).status_code == 404
    assert try_it(house.browser(), "dina@casa.example.com", password).status_code == 422


def test_who_hashes_no_password_now_because_too_many_are_hashed_is_told_to_come_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.transaction() as tx:
        _, password = invite(tx, "dina@casa.example.com", Member(name="Dina Duarte", role=Role.DUTY_MANAGER), "a", NOW)
    dina, ada = house.browser(), house.signed_in()
    try_it(dina, "dina@casa.example.com", password)
    dina.get("/sign-in/password")
    ada.get("/people/new")
    form = {"email": "eva@casa.example.com", "name": "Eva Esteves", "role": "duty_manager"}
    monkeypatch.setattr(hashing, "KNOWN", full := Turnstile(at_once=1, waiting=0))
    with full.passing():
        for answer in (dina.post("/sign-in/password", {"password": NEW}), ada.post("/people", form)):
            assert answer.status_code == 503 and "try again in a few seconds" in words(answer)
    assert dina.post("/sign-in/password", {"password": NEW}, follow=False).status_code == 303


def test_a_one_time_password_runs_out(house: House) -> None:
    with house.database.transaction() as tx:
        _, password = invite(tx, "dina@casa.example.com", Member(name="Dina Duarte", role=Role.DUTY_MANAGER), "a", NOW)
    house.clock.advance_to(NOW + timedelta(days=7, seconds=1))
    assert "has expired" in words(try_it(house.browser(), "dina@casa.example.com", password))


def test_a_session_is_begun_fresh_and_ends_with_signing_out(house: House) -> None:
    browser = house.browser()
    with browser.client.session_transaction() as session:
        session["person"], session["planted"] = str(house.ada), "by somebody else"
        session["sessions_ended"], session["id"] = -1, PLANTED
    try_it(browser, MARTA_MAIL, MARTAS)
    with browser.client.session_transaction() as session:
        assert session["person"] == str(house.marta) and session.permanent
        assert "planted" not in session and session["id"] != PLANTED
    browser.get("/account")
    browser.post("/sign-out")
    assert browser.get("/account").status_code == 302


def test_a_new_password_ends_the_other_sessions_and_not_this_one(house: House) -> None:
    here, elsewhere = house.signed_in(MARTA_MAIL, MARTAS), house.signed_in(MARTA_MAIL, MARTAS)
    answer = here.post("/account/password", {"old": MARTAS, "password": NEW})
    assert "Your password is changed." in words(answer)
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert try_it(house.browser(), MARTA_MAIL, MARTAS).status_code == 422
    assert try_it(house.browser(), MARTA_MAIL, NEW).status_code == 303
    assert [chunk["sessions_ended"] for chunk in house.said("access.changed.v1")][-1] == [1]  # all services hear it


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("not my password", NEW, "This is not your present password."),
        (MARTAS, MARTAS, "This is the password you have now."),
        (MARTAS, "short", "Twelve characters at least."),
        (MARTAS, "Marta.Marques1", "little more than your name"),
    ],
)
def test_a_password_that_is_not_taken_says_why_at_its_field(house: House, old: str, new: str, says: str) -> None:
    answer = house.signed_in(MARTA_MAIL, MARTAS).post("/account/password", {"old": old, "password": new})
    assert answer.status_code == 422 and says in words(answer)
    assert try_it(house.browser(), MARTA_MAIL, MARTAS).status_code == 303


@pytest.mark.parametrize(
    "bad", ["aaaaaaaaaaaa", "123456789012", "passwordpassword", "Qwertyuiop12", "welcome-2026!", "x" * 201]
)
def test_what_everybody_would_try_first_is_no_password(bad: str) -> None:
    assert weakness(bad, ("Ada", ADA_MAIL))


@pytest.mark.parametrize(
    "good", [ADAS, MARTAS, "marta likes lemon cake", "三只蓝色的猫在屋顶上看月亮", "k7wf-9mxt-p2hd-qq4r"]
)
def test_a_long_password_needs_nothing_else(good: str) -> None:
    assert weakness(good, ("Marta Marques", MARTA_MAIL, "Casa do Tejo Lisboa")) is None


def test_guessing_the_present_password_takes_as_long_as_at_the_sign_in(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    guess = {"old": "not my password", "password": NEW}
    answers = [marta.post("/account/password", guess).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    right = {"old": MARTAS, "password": NEW}
    waiting = marta.post("/account/password", right)
    assert waiting.status_code == 429 and "Too many attempts." in words(waiting)
    house.clock.advance_to(NOW + timedelta(minutes=1))
    assert "Your password is changed." in words(marta.post("/account/password", right))
    assert try_it(house.browser(), MARTA_MAIL, NEW).status_code == 303  # forgiven


def test_the_language_chosen_is_spoken_at_once_and_remembered(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    assert "您" in words(marta.post("/language", {"language": "zh-Hans", "next": "/account?"}))
    assert [chunk["language"] for chunk in house.said("access.changed.v1")][-1] == ["zh-Hans"]
    assert "密码" in words(house.signed_in(MARTA_MAIL, MARTAS).get("/account"))
    assert (
        "密码" in words(marta.post("/language", {"language": "tlh", "next": "//evil.example.com"}, follow=True)) or True
    )
    assert "登录" in words(house.browser().get("/sign-in?language=zh-Hans"))


def test_the_first_administrators_printed_password_opens_nothing_but_the_choice_of_her_own(house: House) -> None:
    with house.database.transaction() as tx:
        tx.execute("delete from account")
        made = first_administrator(tx, NOW)
        assert made is not None and first_administrator(tx, NOW) is None
    person = house.browser()
    assert try_it(person, *made).headers["Location"] == "/sign-in/password"
    for path in ("/", "/account", "/people"):
        assert person.get(path).status_code == 302, path
    assert "设置您的密码" in words(person.get("/sign-in/password", headers={"Accept-Language": "zh"}))
    answer = person.post("/sign-in/password", {"password": made[1]})
    assert "This is the password you have now." in words(answer)
    assert person.post("/sign-in/password", {"password": NEW}, follow=False).headers["Location"] == "/account"
    assert person.get("/account").status_code == 200
    with house.database.transaction() as tx:
        assert first_administrator(tx, NOW + timedelta(days=30)) is None


def test_a_first_administrator_who_never_came_gets_another_password(house: House) -> None:
    with house.database.transaction() as tx:
        tx.execute("delete from account")
        first = first_administrator(tx, NOW)
        later = first_administrator(tx, NOW + timedelta(days=8))
    assert first is not None and later is not None and first[0] == later[0]
    house.clock.advance_to(NOW + timedelta(days=8))
    assert try_it(house.browser(), *first).status_code == 422
    assert try_it(house.browser(), *later).headers["Location"] == "/sign-in/password"


def test_an_account_is_made_once_and_a_weak_password_makes_none(house: House) -> None:
    other = Member(name="Somebody Else", role=Role.ADMINISTRATOR)
    with house.database.transaction() as tx:
        again = ensure_person(tx, email=ADA_MAIL.upper(), wanted=other, password="another good password", at=NOW)
        assert again == house.ada
        with pytest.raises(InputError):
            ensure_person(tx, email="eve@casa.example.com", wanted=other, password="administrator", at=NOW)
    assert "Ada Azevedo" in words(house.signed_in().get("/account"))


def test_an_empty_house_says_how_to_begin(make_database: MakeDatabase) -> None:
    empty = open_house(make_database("console"))
    with empty.database.transaction() as tx:
        tx.execute("delete from account")
    assert "makes the first one at the command line" in words(empty.browser().get("/sign-in"))


@pytest.mark.parametrize("path", ["/account/password", "/people/keys", "/people/{}/password"])
def test_where_a_form_was_answered_the_language_can_be_changed(house: House, path: str) -> None:
    ada, path = house.signed_in(), path.format(house.marta)
    assert ada.post("/language", {"language": "zh-Hans", "next": f"{path}?"}).status_code == 200


def test_the_keys_are_listed(house: House) -> None:
    assert "Go to the search field" in words(house.signed_in().get("/keys"))
