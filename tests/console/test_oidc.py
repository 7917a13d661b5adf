"""Signing in by the house's own identity provider: a real one, as a process on loopback, with its lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from werkzeug.test import TestResponse

from services.console.commands.accounts import Member, end_access, invite
from services.console.commands.signing_in import hashing
from services.console.commands.signing_in.hashing import Turnstile
from services.console.config import Config, IdentityProvider
from services.console.pages.account import provider as client
from services.console.pages.account.oidc import _provider_of
from services.console.store import passkeys, second_factors
from services.console.store.passkeys import Passkey
from shared.errors import SettingError
from shared.vocabulary.role import Role
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.identity_provider import CLIENT, MARTA, SECRET, Provider, identity_provider
from tests.console.staff import ADA_MAIL, ADAS, MARTA_MAIL, MARTAS, House, open_house
from tests.loopback import PATIENCE
from tests.web import Browser, words

NOBODY = {"sub": "1", "email": "nobody@elsewhere.example.com", "email_verified": True, "name": "Nobody"}
NOT_BELIEVED = "could not be believed"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with identity_provider(NOW) as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.tell()
    _provider_of.cache_clear()
    return running


@pytest.fixture
def house(make_database: MakeDatabase, provider: Provider) -> House:
    house = open_house(make_database("console"))
    house.config = Config(settings(provider))
    return house


def settings(provider: Provider, newcomers: Role | None = None) -> IdentityProvider:
    return IdentityProvider(
        issuer=provider.issuer, client=CLIENT, secret=SECRET, label="Casa do Tejo", newcomers=newcomers
    )


def leaves(browser: Browser, after: str = "/account") -> str:
    """The address at the provider."""
    answer = browser.get(f"/sign-in/oidc?next={after}")
    assert answer.status_code == 303
    return answer.headers["Location"]


def returns(address: str) -> str:
    """Where the provider sends the browser back to."""
    answer = requests.get(address, allow_redirects=False, timeout=PATIENCE)
    split = urlsplit(answer.headers["Location"])
    return f"{split.path}?{split.query}"


def signs_in(house: House) -> tuple[Browser, TestResponse]:
    browser = house.browser()
    return browser, browser.get(returns(leaves(browser)))


def refusal(browser: Browser, answer: TestResponse) -> str:
    """What the sign-in page says; nobody is in."""
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    page = words(browser.get("/sign-in"))
    assert browser.get("/account").status_code == 302
    return page


def test_who_has_an_account_comes_in_by_the_provider(house: House, provider: Provider) -> None:
    assert "Sign in with Casa do Tejo" in words(house.browser().get("/sign-in"))
    browser, answer = signs_in(house)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Marta Marques" in words(browser.get("/account"))
    assert house.one("select signed_in_by from session where ended_at is null") == "oidc"
    browser.post("/sign-out")
    assert browser.get("/account").status_code == 302
    assert "grant_type" in provider.heard()[-1] and len(provider.heard()[-1]["code_verifier"]) == 64


def test_what_leaves_carries_state_nonce_and_a_challenge_and_no_secret(house: House) -> None:
    asked = parse_qs(urlsplit(leaves(house.browser())).query)
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) == len(asked["nonce"][0]) == 43 and len(asked["code_challenge"][0]) == 43
    assert asked["redirect_uri"] == ["http://127.0.0.1:8080/sign-in/oidc/back"]
    assert SECRET not in str(asked)


@pytest.mark.parametrize("lie", ["nonce", "no nonce", "audience", "issuer", "expired", "signature"])
def test_a_token_that_lies_lets_nobody_in(house: House, provider: Provider, lie: str) -> None:
    provider.tell(lie=lie)
    assert NOT_BELIEVED in refusal(*signs_in(house))
    assert house.all("select from provider_identity") == []


def test_an_address_that_was_not_verified_lets_nobody_in(house: House, provider: Provider) -> None:
    for user in ({**MARTA, "email_verified": False}, {k: v for k, v in MARTA.items() if k != "email_verified"}):
        provider.tell(user=user)
        assert "does not say that your address was verified" in refusal(*signs_in(house))


@pytest.mark.parametrize(
    "change", ["state=another", "state=", "iss=https://somebody.example.com", "error=access_denied", "code="]
)
def test_a_way_back_that_was_not_begun_here_is_refused(house: House, change: str) -> None:
    browser = house.browser()
    back = returns(leaves(browser))
    name, _, value = change.partition("=")
    path, _, query = back.partition("?")
    asked = {key: values[0] for key, values in parse_qs(query).items()} | {name: value}
    assert NOT_BELIEVED in refusal(browser, browser.get(path, query_string=asked))


def test_a_way_back_works_once_in_its_own_browser_and_for_ten_minutes(house: House) -> None:
    mine, other = house.browser(), house.browser()
    back = returns(leaves(mine))
    assert NOT_BELIEVED in refusal(other, other.get(back))
    house.clock.advance_to(NOW + timedelta(minutes=11))
    assert NOT_BELIEVED in refusal(mine, mine.get(back))
    house.clock.advance_to(NOW + timedelta(minutes=12))
    browser, answer = signs_in(house)
    assert answer.headers["Location"] == "/account"
    assert browser.get(back).headers["Location"] == "/sign-in"  # remembered no more


def test_a_code_that_somebody_caught_is_of_no_use_without_what_this_browser_remembers(house: House) -> None:
    browser = house.browser()
    back = returns(leaves(browser))
    with browser.client.session_transaction() as session:
        session["oidc"] = {**session["oidc"], "verifier": "x" * 64}
    assert NOT_BELIEVED in refusal(browser, browser.get(back))


def test_a_code_that_was_used_is_refused_by_the_provider(house: House) -> None:
    browser = house.browser()
    back = returns(leaves(browser))
    with browser.client.session_transaction() as session:
        kept = dict(session["oidc"])
    assert browser.get(back).headers["Location"] == "/account"
    again = house.browser()
    with again.client.session_transaction() as session:
        session["oidc"] = kept
    assert NOT_BELIEVED in refusal(again, again.get(back))


def test_from_then_on_the_providers_number_counts_and_not_the_address(house: House, provider: Provider) -> None:
    signs_in(house)
    assert str(MARTA["sub"]) not in str(house.all("select * from provider_identity"))
    provider.tell(user={**MARTA, "email": "married@casa.example.com", "email_verified": False})
    assert signs_in(house)[1].headers["Location"] == "/account"
    provider.tell(user={**MARTA, "sub": "another"})  # somebody else was given her address
    assert "belongs to somebody else" in refusal(*signs_in(house))
    assert house.one("select count(*) from provider_identity") == 1


def test_nobody_is_made_an_account_unless_the_house_says_so(house: House, provider: Provider) -> None:
    provider.tell(user=NOBODY)
    assert "There is no account for you here." in refusal(*signs_in(house))
    house.config = Config(settings(provider, Role.ANALYST))
    browser, answer = signs_in(house)
    assert answer.headers["Location"] == "/account" and "Analyst" in words(browser.get("/account"))
    assert signs_in(house)[1].headers["Location"] == "/account"
    assert house.one("select count(*) from account where role = 'analyst'") == 1


def test_access_that_ended_is_not_given_back_by_the_provider(house: House, provider: Provider) -> None:
    signs_in(house)
    house.config = Config(settings(provider, Role.ANALYST))
    with house.database.transaction() as tx:
        end_access(tx, house.marta, "Ada", NOW)
    assert "There is no account for you here." in refusal(*signs_in(house))


def test_roles_stay_ours_whatever_the_provider_says(house: House, provider: Provider) -> None:
    provider.tell(user={**MARTA, "role": "administrator", "groups": ["admin"], "roles": ["administrator"]})
    browser, _ = signs_in(house)
    assert browser.get("/people").status_code == 403


@pytest.mark.parametrize(("amr", "asks"), [(None, True), (["pwd"], True), (["pwd", "otp"], False), (["mfa"], False)])
def test_a_second_factor_of_ours_is_asked_for_where_the_provider_asked_for_none(
    house: House, provider: Provider, amr: list[str] | None, asks: bool
) -> None:
    with house.database.transaction() as tx:
        passkeys.add(tx, Passkey(b"key", house.marta, b"public", 0, "Laptop", NOW))
    provider.tell(user=MARTA if amr is None else {**MARTA, "amr": amr})
    browser, answer = signs_in(house)
    assert (answer.headers["Location"] == "/sign-in/code") == asks
    assert browser.get("/account").status_code == (302 if asks else 200)


@pytest.mark.parametrize(
    ("amr", "leads_to"), [([], "/sign-in/second-factor"), (["pwd"], "/sign-in/second-factor"), (["mfa"], "/account")]
)
def test_the_house_demands_a_second_factor_of_administrators_who_come_by_the_provider_too(
    house: House, provider: Provider, amr: list[str], leads_to: str
) -> None:
    with house.database.transaction() as tx:
        second_factors.demand(tx, True)
    provider.tell(user={"sub": "1", "email": ADA_MAIL, "email_verified": True, "amr": amr})
    browser, answer = signs_in(house)
    assert answer.headers["Location"] == leads_to
    assert (browser.get("/people").status_code == 200) == (leads_to == "/account")
    signed_in = house.all("select 1 from audit_entry where action = 'signed_in'")
    assert len(signed_in) == (leads_to == "/account")
    provider.tell(user={**MARTA, "amr": amr})  # no administrator
    assert signs_in(house)[1].headers["Location"] == "/account"


def test_who_comes_by_the_provider_while_too_many_passwords_are_hashed_is_told_so(
    house: House, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.transaction() as tx:
        invite(tx, "dina@casa.example.com", Member(name="Dina", role=Role.DUTY_MANAGER), "Ada", NOW)
    provider.tell(user={"sub": "7", "email": "dina@casa.example.com", "email_verified": True})
    monkeypatch.setattr(hashing, "KNOWN", full := Turnstile(at_once=1, waiting=0))
    with full.passing():
        assert "try again in a few seconds" in refusal(*signs_in(house))
    assert house.all("select from provider_identity") == []  # nothing is half done
    assert signs_in(house)[1].headers["Location"] == "/account"


def test_what_was_handed_over_to_invite_somebody_opens_nothing_once_they_came_by_the_provider(
    house: House, provider: Provider
) -> None:
    with house.database.transaction() as tx:
        _, password = invite(tx, "dina@casa.example.com", Member(name="Dina", role=Role.DUTY_MANAGER), "Ada", NOW)
    provider.tell(user={"sub": "7", "email": "DINA@casa.example.com", "email_verified": True})
    assert signs_in(house)[1].headers["Location"] == "/account"
    browser = house.browser()
    browser.get("/sign-in")
    assert browser.post("/sign-in", {"email": "dina@casa.example.com", "password": password}).status_code == 422


def test_passwords_still_work_beside_it_and_while_the_provider_is_away(house: House) -> None:
    away = IdentityProvider(issuer="http://127.0.0.1:9", client=CLIENT, secret=SECRET, label="Casa do Tejo")
    house.config = Config(away)
    browser = house.browser()
    assert "does not answer" in refusal(browser, browser.get("/sign-in/oidc"))
    assert house.signed_in(MARTA_MAIL, MARTAS).get("/account").status_code == 200


def test_a_provider_that_hangs_is_given_up_and_takes_no_more_threads(
    house: House, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "WITHIN", 2.0)
    provider.tell(lie="hangs")
    browser, answer = signs_in(house)
    assert "does not answer" in refusal(browser, answer)
    asked = _provider_of(settings(provider), "http://127.0.0.1:8080/sign-in/oidc/back")
    for _ in range(client.AT_ONCE):
        asked._calls.acquire()
    heard = provider.heard()
    with pytest.raises(client.ProviderAway):
        asked.come_back(client.Departure("s", "n", "v"), "code", NOW)
    assert provider.heard() == heard  # it did not even ask


def test_a_provider_that_calls_itself_by_another_name_is_not_believed(house: House, provider: Provider) -> None:
    provider.tell(lie="discovered issuer")
    browser = house.browser()
    assert NOT_BELIEVED in refusal(browser, browser.get("/sign-in/oidc"))


def test_the_way_in_by_the_provider_leads_nowhere_else(house: House) -> None:
    browser = house.browser()
    answer = browser.get(returns(leaves(browser, "https://evil.example.com/")))
    assert answer.headers["Location"] == "/"


def test_with_passwords_switched_off_administrators_alone_use_one(house: House, provider: Provider) -> None:
    house.config = Config(settings(provider), provider_only=True)
    browser = house.browser()
    browser.get("/sign-in")
    answer = browser.post("/sign-in", {"email": MARTA_MAIL, "password": MARTAS})
    assert answer.status_code == 422 and "Sign in with Casa do Tejo: your password opens nothing." in words(answer)
    wrong = browser.post("/sign-in", {"email": MARTA_MAIL, "password": "not this one at all"})
    assert "E-mail or password is not right." in words(wrong)
    ada = house.signed_in(ADA_MAIL, ADAS)
    ada.get("/people/new")
    form = {"email": "dina@casa.example.com", "name": "Dina Duarte", "role": "duty_manager"}
    assert "Dina Duarte can come in by the house's own sign-in." in words(ada.post("/people", form))
    assert signs_in(house)[1].headers["Location"] == "/account"


def test_without_a_provider_there_is_no_way_to_one(make_database: MakeDatabase) -> None:
    house = open_house(make_database("console"))
    assert house.browser().get("/sign-in/oidc").status_code == 404
    assert house.browser().get("/sign-in/oidc/back?code=1&state=2").status_code == 404
    assert "oidc" not in house.browser().get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"GUESTLOOP_OIDC_ONLY": "1"}, "GUESTLOOP_OIDC_ISSUER"),
        ({"GUESTLOOP_OIDC_ISSUER": "https://login.example.com"}, "GUESTLOOP_OIDC_CLIENT"),
        ({"GUESTLOOP_OIDC_ISSUER": "http://login.example.com", "GUESTLOOP_OIDC_CLIENT": "g"}, "GUESTLOOP_OIDC_ISSUER"),
        (
            {
                "GUESTLOOP_OIDC_ISSUER": "https://login.example.com",
                "GUESTLOOP_OIDC_CLIENT": "g",
                "GUESTLOOP_OIDC_NEWCOMERS": "administrator",
            },
            "GUESTLOOP_OIDC_NEWCOMERS",
        ),
    ],
)
def test_a_setting_of_the_provider_that_is_missing_or_malformed_is_named(given: dict[str, str], name: str) -> None:
    with pytest.raises(SettingError, match=name):
        Config.read(given)


def test_the_clients_secret_is_in_no_representation(provider: Provider) -> None:
    assert SECRET not in repr(settings(provider))
