"""«Stop sending»: one tap with a reason, a band on every page, lifted by a second tap; each for one's own hotels."""

from __future__ import annotations

from contextlib import closing

import pytest

from services.messaging.config import Config
from services.messaging.service import SERVICE
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.web.config import WebConfig
from tests.cast import ADA, ANTON, DINA, MARTA, NOW, WEI, employ
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel
from tests.messaging.pages_cast import house, looking
from tests.web import Browser, words


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return house(make_database("messaging"))


def stop(browser: Browser, what: str = "all:", reason: str = "a wrong price") -> int:
    browser.get("/messaging/stops")
    return browser.post("/messaging/stops", {"what": what, "reason": reason}).status_code


def test_a_stop_stands_as_a_band_and_on_the_home_page_until_it_is_lifted(hotel: Hotel) -> None:
    browser = looking(hotel, MARTA)
    assert stop(browser) == 200
    assert "All sending is stopped. a wrong price · Marta Marques" in words(browser.get("/messaging/messages"))
    needs = browser.get("/messaging/home").get_json()["needs"]
    assert needs[0]["text"] == "All sending is stopped." and needs[0]["tone"] == "bad"
    lift = f"/messaging/stops/{hotel.one('select stop_id from stop')}/lift"
    browser.get("/messaging/stops")
    assert "Lifted." in words(browser.post(lift))
    assert "All sending is stopped." not in words(browser.get("/messaging/messages"))
    assert browser.post(lift).status_code == 200  # the second tap


def test_without_a_reason_what_was_chosen_stays_chosen(hotel: Hotel) -> None:
    browser = looking(hotel, MARTA)
    browser.get("/messaging/stops")
    answer = browser.post("/messaging/stops", {"what": "channel:sms", "reason": ""})
    assert answer.status_code == 422 and "A few words" in words(answer)
    assert '<option value="channel:sms" selected>' in answer.get_data(as_text=True)
    assert hotel.one("select count(*) from stop") == 0


def test_who_looks_after_one_hotel_stops_that_one_only(hotel: Hotel) -> None:
    dina = looking(hotel, DINA)
    assert stop(dina, "property:LIS") == 200
    assert [stop(dina, what) for what in ("all:", "property:SHA", "channel:email", "country:PT")] == [403] * 4
    assert "Sending is stopped" not in words(looking(hotel, WEI).get("/messaging/messages"))
    stop_id = hotel.one("select stop_id from stop")
    assert looking(hotel, WEI).post(f"/messaging/stops/{stop_id}/lift").status_code in (400, 404)


def test_an_analyst_stops_nothing(hotel: Hotel) -> None:
    assert looking(hotel, ANTON).get("/messaging/stops").status_code == 403


def test_the_same_tapped_twice_is_one_stop(hotel: Hotel) -> None:
    browser = looking(hotel, ADA)
    assert stop(browser) == stop(browser) == 200
    assert hotel.one("select count(*) from stop") == 1


@pytest.mark.parametrize("page", ["/messaging/home", "/messaging/templates/win-back/edit", "/messaging/messages"])
def test_a_page_needs_one_connection_at_a_time(hotel: Hotel, page: str) -> None:
    """Where each request held one and waited for a second, as many as there are connections would wait for ever."""
    employ(hotel.database)
    narrow = Database(hotel.database.dsn, service="messaging", keyring=hotel.database.keyring, most=1)
    with closing(narrow):
        app = SERVICE.build_web(Config(), narrow, VirtualClock(NOW), WebConfig())
        assert Browser(app, MARTA).get(page).status_code == 200
