"""Sessions end: by hand, by an administrator, by the hour and unused; then no copy of the cookie opens anything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.console.commands.sessions import end_everybodys_sessions
from services.console.queries.present_state import sessions_again
from services.console.rules.sessions import device_words, network_words
from shared.access.people import ACCESS
from shared.access.sessions import keep_ended_sessions
from shared.bus.republish import republish
from shared.database.pool import Database
from shared.web.app import make_app
from shared.web.config import WebConfig
from shared.web.site import site_of
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import ADA_MAIL, ADAS, MARTA_MAIL, MARTAS, House, open_house
from tests.harness import off_the_wire
from tests.web import Browser, words

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


@pytest.fixture
def segments(make_database: MakeDatabase, house: House) -> Database:
    """Another service, which has heard who may do what."""
    database = make_database("segments")
    deliver(house, database)
    return database


def deliver(house: House, database: Database) -> None:
    """Everything console published about access arrives, twice."""
    for _ in range(2):
        for name, _, chunk in house.outbox():
            if name in ACCESS.handlers:
                with database.transaction() as tx:
                    ACCESS.handlers[name](tx, off_the_wire(chunk), house.clock.now())


def copied(browser: Browser, house: House, database: Database | None = None) -> FlaskClient:
    """Another machine with a copy of the browser's cookie, at console or at another service."""
    cookie = browser.client.get_cookie("guestloop")
    assert cookie is not None
    if database is None:
        client = house.browser(at="198.51.100.7").client
    else:
        client = make_app(site_of(WebConfig(), database, house.clock), Path("nowhere"), []).test_client()
    client.set_cookie("guestloop", cookie.value)
    return client


def at_console(client: FlaskClient) -> int:
    return client.get("/account").status_code


def at_segments(client: FlaskClient) -> int:
    return client.get("/segments/dead-letters").status_code


def test_a_copied_cookie_opens_nothing_anywhere_after_the_sign_out(house: House, segments: Database) -> None:
    ada = house.signed_in()
    here, there = copied(ada, house), copied(ada, house, segments)
    assert (at_console(here), at_segments(there)) == (200, 200)
    ada.post("/sign-out")
    assert at_console(here) == 302  # at once
    deliver(house, segments)
    assert at_segments(there) == 302
    assert at_segments(copied(house.signed_in(), house, segments)) == 200  # another session of hers is as good as ever


def test_one_session_is_ended_from_the_list_and_the_others_go_on(house: House, segments: Database) -> None:
    desk, lost = house.signed_in(), house.signed_in()
    page = desk.get("/account").get_data(as_text=True)
    assert page.count("/ending") == 2  # the other one, and all others; not this one
    with lost.client.session_transaction() as session:
        number = session["id"]
    there = copied(lost, house, segments)
    desk.post(f"/account/sessions/{number}/ending")
    deliver(house, segments)
    assert (at_console(lost.client), at_segments(there)) == (302, 302)
    assert at_console(desk.client) == 200
    assert number not in desk.get("/account").get_data(as_text=True)


def test_all_others_are_ended_at_once(house: House, segments: Database) -> None:
    desk, others = house.signed_in(), [house.signed_in() for _ in range(3)]
    desk.get("/account")
    assert "3 other devices are signed out." in words(desk.post("/account/sessions/ending"))
    deliver(house, segments)
    assert [at_segments(copied(one, house, segments)) for one in (desk, *others)] == [200, 302, 302, 302]
    assert len(house.said("session.ended.v1")) == 1  # a chunk


def test_nobody_ends_somebody_elses_session_from_their_own_page(house: House) -> None:
    marta, ada = house.signed_in(MARTA_MAIL, MARTAS), house.signed_in()
    with ada.client.session_transaction() as session:
        number = session["id"]
    marta.get("/account")
    marta.post(f"/account/sessions/{number}/ending")
    marta.post("/account/sessions/ending")
    assert at_console(ada.client) == 200


def test_an_administrator_sees_and_ends_all_sessions_of_a_person(house: House, segments: Database) -> None:
    martas = [house.signed_in(MARTA_MAIL, MARTAS) for _ in range(2)]
    ada = house.signed_in()
    assert words(ada.get(f"/people/{house.marta}")).count("with the password") == 2
    assert "Marta Marques is signed out everywhere." in words(ada.post(f"/people/{house.marta}/sessions/ending"))
    deliver(house, segments)
    assert [at_segments(copied(one, house, segments)) for one in (*martas, ada)] == [302, 302, 200]
    assert "Not signed in anywhere." in words(ada.get(f"/people/{house.marta}"))
    assert house.all("select actor, details from audit_entry where action = 'session.ended'") == [
        ("Ada Azevedo", {"sessions": 2})
    ]
    assert house.signed_in(MARTA_MAIL, MARTAS).get("/account").status_code == 200


def test_only_administrators_end_the_sessions_of_others(house: House) -> None:
    marta = house.signed_in(MARTA_MAIL, MARTAS)
    assert marta.post(f"/people/{house.ada}/sessions/ending").status_code == 403


def test_each_sign_in_is_a_session_of_its_own_with_what_one_recognises_it_by(house: House) -> None:
    browser = house.browser(at="192.0.2.77")
    browser.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    numbers = set()
    for _ in range(2):
        browser.get("/sign-in")
        browser.post("/sign-in", {"email": ADA_MAIL, "password": ADAS}, follow=False)
        with browser.client.session_transaction() as session:
            numbers.add(session["id"])
        browser.client.delete_cookie("guestloop")
    assert len(numbers) == 2
    assert house.all("select distinct device, network, signed_in_by from session") == [
        ("Firefox · Windows", "192.0.2.x", "password")
    ]


@pytest.mark.parametrize(
    ("agent", "said"),
    [(FIREFOX, "Firefox · Windows"), (SAFARI, "Safari · iPhone"), (EDGE, "Edge · Windows"), ("curl/8", ""), ("", "")],
)
def test_a_device_is_called_by_its_browser_and_system(agent: str, said: str) -> None:
    assert device_words(agent) == said


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.x"),
        ("::ffff:192.0.2.77", "192.0.2.x"),
        ("2001:db8:1:2:3::4", "2001:db8:1::x"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_of_a_network_address_what_tells_machines_apart_is_not_kept(address: str, network: str) -> None:
    assert network_words(address) == network


def test_a_session_ends_at_its_hour_however_busy_it_was(house: House, segments: Database) -> None:
    ada = house.signed_in()
    for _ in range(8):
        house.clock.advance_to(house.clock.now() + timedelta(minutes=89))
        assert at_console(ada.client) == 200
    assert at_segments(copied(ada, house, segments)) == 200
    house.clock.advance_to(NOW + timedelta(hours=12))
    assert (at_console(ada.client), at_segments(copied(ada, house, segments))) == (302, 302)


def test_a_session_that_nobody_uses_ends_earlier(house: House) -> None:
    ada = house.signed_in()
    house.clock.advance_to(NOW + timedelta(hours=4))
    assert at_console(ada.client) == 200  # used again: it goes on
    house.clock.advance_to(NOW + timedelta(hours=8))
    assert at_console(ada.client) == 200
    house.clock.advance_to(NOW + timedelta(hours=12) - timedelta(seconds=1))
    assert house.one("select seen_at from session") == NOW + timedelta(hours=8)
    idle = house.signed_in(MARTA_MAIL, MARTAS)
    house.clock.advance_to(house.clock.now() + timedelta(hours=4, minutes=6))
    assert at_console(idle.client) == 302


def test_a_cookie_of_a_version_without_numbers_is_signed_out_and_told_so(house: House, segments: Database) -> None:
    ada = house.signed_in()
    with ada.client.session_transaction() as session:
        for name in ("id", "ends", "seen"):
            del session[name]
    assert at_segments(copied(ada, house, segments)) == 302
    answer = ada.get("/account")
    assert answer.headers["Location"] == "/sign-in?next=/account"
    assert "Your session has ended." in words(ada.get("/sign-in?next=/account"))
    assert "Your session has ended." not in words(ada.get("/sign-in"))  # said once
    assert house.signed_in().get("/account").status_code == 200


def test_the_numbers_of_ended_sessions_are_dropped_once_their_cookies_expired(house: House, segments: Database) -> None:
    for _ in range(3):
        house.signed_in().post("/sign-out")
    deliver(house, segments)
    assert held(segments) == 3
    house.clock.advance_to(NOW + timedelta(hours=13))
    house.signed_in().post("/sign-out")
    deliver(house, segments)
    assert held(segments) == 1
    house.clock.advance_to(NOW + timedelta(days=32))
    house.signed_in()
    assert house.one("select count(*) from session") == 1


def held(database: Database) -> int:
    with database.transaction() as tx:
        found = tx.execute("select count(*) from session_ended").fetchone()
    return int(found[0]) if found else 0


def test_a_service_that_lost_its_tables_hears_of_ended_sessions_again(house: House, segments: Database) -> None:
    ada = house.signed_in()
    ada.post("/sign-out")
    assert republish(house.database, sessions_again, NOW, most=1) == 1
    chunk = off_the_wire(house.said("session.ended.v1")[-1])
    with segments.transaction() as tx:
        keep_ended_sessions(tx, chunk, NOW)
    assert held(segments) == 1


def test_sessions_that_a_backup_brought_back_are_ended_everywhere(house: House, segments: Database) -> None:
    everybody = [house.signed_in(), house.signed_in(), house.signed_in(MARTA_MAIL, MARTAS)]
    there = copied(everybody[0], house, segments)
    assert at_segments(there) == 200
    with house.database.transaction() as tx:
        assert end_everybodys_sessions(tx, house.clock.now()) == 3
    with house.database.transaction() as tx:
        assert end_everybodys_sessions(tx, house.clock.now()) == 0  # done again it changes nothing
    deliver(house, segments)
    assert [at_console(one.client) for one in everybody] == [302, 302, 302]
    assert at_segments(there) == 302
