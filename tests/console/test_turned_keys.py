"""Keys that sign sessions and forms are turned under the eyes of those who are signed in."""

from __future__ import annotations

import pytest

from shared.access.session_cookie import COOKIE
from shared.crypto.purposes import Sealing, Signing
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from tests.conftest import KEYS, MakeDatabase
from tests.console.staff import House, open_house
from tests.web import Browser

NEW = KeyRing.fresh([Signing.SESSION, Signing.FORMS])


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


def restarted(house: House, keys: str) -> House:
    database = Database(house.database.dsn, service="console", keyring=KeyRing.parse(keys))
    return House(database, house.clock, house.ada, house.marta)


def with_cookie_of(browser: Browser, there: House) -> Browser:
    found = there.browser()
    cookie = browser.client.get_cookie(COOKIE)
    assert cookie
    found.client.set_cookie(COOKIE, cookie.value)
    return found


def test_a_session_of_before_goes_on_and_its_next_form_is_taken(house: House) -> None:
    ada = house.signed_in()
    moved = with_cookie_of(ada, restarted(house, f"{NEW},{KEYS}"))
    assert moved.client.get("/account").status_code == 200
    moved.get("/account")
    assert moved.post("/sign-out", follow=False).status_code == 303


def test_a_session_ends_with_the_key_that_signed_it(house: House) -> None:
    ada = house.signed_in()
    others = KeyRing.fresh([*Sealing, Signing.FORMS, Signing.PAGE])
    moved = with_cookie_of(ada, restarted(house, f"{NEW},{others}"))
    assert moved.client.get("/account").status_code in (302, 303)
