"""Whoever's account it is hears by mail of a device that is new to it, and of a changed second factor."""

from __future__ import annotations

from typing import Any

import pytest

from services.console.commands.second_factor.authenticator import make_recovery_codes
from services.console.commands.second_factor.demands import remove_passkey, reset_second_factor
from services.console.store import accounts, passkeys
from services.console.store.passkeys import Passkey
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import ADA_MAIL, ADAS, House, open_house


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    made = open_house(make_database("console"))
    made.sends_mail()
    return made


def told(house: House, kind: str) -> list[Any]:
    return [each for each in house.published("notice.requested.v1") if each["kind"] == kind]


def test_a_sign_in_from_a_device_that_is_new_is_told_and_from_a_known_one_is_not(house: House) -> None:
    first = house.signed_in()
    assert told(house, "new_device") == []  # the first device of all
    first.get("/account")
    first.post("/sign-out")
    first.get("/sign-in")
    assert first.post("/sign-in", {"email": ADA_MAIL, "password": ADAS}, follow=False).status_code == 303
    assert told(house, "new_device") == []
    house.signed_in()
    assert len(told(house, "new_device")) == 1
    (notice,) = told(house, "new_device")
    assert notice["details"]["name"] and notice["details"]["device"]


def test_a_second_factor_that_is_changed_or_taken_off_is_told(house: House) -> None:
    with house.database.transaction() as tx:
        account = accounts.by_id(tx, house.marta)
        assert account is not None
        for number in (b"one", b"two"):
            passkeys.add(tx, Passkey(number, house.marta, b"public", 0, "Laptop", NOW))
        make_recovery_codes(tx, house.marta, account.name, NOW)
        remove_passkey(tx, account, b"one", NOW)
        assert reset_second_factor(tx, house.marta, "Ada Azevedo", NOW)
    changes = [each["details"] for each in told(house, "second_factor_changed")]
    assert [each["change"] for each in changes] == ["codes", "removed", "taken_away"]
    assert [each.get("by") for each in changes] == [None, None, "Ada Azevedo"]
