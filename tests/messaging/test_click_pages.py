"""Clicks as colleagues see them, and where hotels, countries and templates choose."""

from __future__ import annotations

import pytest

from shared.crypto.sealing import KeyRing
from tests.cast import ANA, MARTA
from tests.conftest import MakeDatabase
from tests.messaging.clicks import AN_HOUR, SPA, House, greeting, house_with_links
from tests.messaging.hotel import MONDAY
from tests.messaging.pages_cast import looking
from tests.web import words


@pytest.fixture
def house(make_database: MakeDatabase, keyring: KeyRing) -> House:
    return house_with_links(make_database, keyring)


def test_pages_say_which_links_were_opened_and_never_show_the_links_themselves(house: House) -> None:
    first, second = house.links(greeting())
    house.opens(first, MONDAY + AN_HOUR)
    house.opens(second, MONDAY + 2 * AN_HOUR, method="HEAD")
    house.judges(MONDAY + 3 * AN_HOUR)
    marta = looking(house, MARTA)
    page = marta.get(f"/messaging/messages/{greeting().message_id}")
    text = words(page)
    assert "hotel.example/spa opened" in text and "hotel.example/in not counted" in text
    assert "a program asked only whether the page is there" in text
    body = marta.get(f"/messaging/messages/{greeting().message_id}/body").get_data(as_text=True)
    assert first not in page.get_data(as_text=True) and first not in body and "/l/…" in body
    story = marta.get(f"/messaging/guests/{ANA}/story").get_json()["entries"]
    assert [one for one in story if "opened a link" in one["html"] and "hotel.example/spa" in one["html"]]


def test_a_hotel_and_a_country_choose_on_a_page_and_it_is_in_the_audit_trail(house: House) -> None:
    marta = looking(house, MARTA)
    assert "Casa do Rio" in words(marta.get("/messaging/links"))
    path = "/messaging/links/choices"
    assert "Saved." in words(marta.post(path, {"kind": "property", "key": "LIS", "what": "clicks", "on": "false"}))
    marta.post(path, {"kind": "property", "key": "LIS", "what": "utm", "on": "false"})
    marta.post(path, {"kind": "country", "key": "PT", "what": "clicks", "on": "false"})
    marta.post(path, {"kind": "country", "key": "PT", "what": "clicks", "on": "false"})
    assert house.all("select kind, key, clicks, utm from link_choice order by 1") == [
        ("country", "PT", False, True),
        ("property", "LIS", False, False),
    ]
    assert len(house.published("audit.recorded.v1")) == 3
    assert "Portugal" in words(marta.get("/messaging/links"))
    assert marta.post(path, {"kind": "property", "key": "NOT", "what": "utm", "on": "true"}).status_code == 404
    assert marta.post(path, {"kind": "all", "key": "LIS", "what": "utm", "on": "true"}).status_code == 422


def test_a_template_may_leave_its_links_unmarked(house: House) -> None:
    marta = looking(house, MARTA)
    path = "/messaging/templates/birthday"
    typed = {"name": "birthday", "subject": "A word", "preview": "", "body": f"See {SPA}", "text": "", "language": "en"}
    marta.get(f"{path}/edit")
    marta.post(f"{path}/edit", {**typed, "draft_version": 1, "marks": "asked", "then": "publish"})
    assert house.all("select utm from link where template = 'birthday' order by version, number") == [
        *[(True,)] * 3,
        (False,),
    ]
