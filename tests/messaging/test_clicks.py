"""Tracked links as guests and scanners open them: where they lead, what counts, and what is never published twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.messaging.commands.templates.publish import install_shipped, publish_template
from services.messaging.rules.links.clicks import BURST_OF, JUDGED_AFTER, known_at_once
from services.messaging.store.links import choose
from shared.crypto.sealing import KeyRing
from shared.events.segments.guests import GuestErased
from shared.ids import make_id
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.right import Right
from shared.vocabulary.stay import StayStatus
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.clicks import AN_HOUR, PHONE, SPA, House, ana, greeting, house_with_links
from tests.messaging.hotel import LONG_AGO, MONDAY, email, guest, mobile, stay, stay_id


@pytest.fixture
def house(make_database: MakeDatabase, keyring: KeyRing) -> House:
    return house_with_links(make_database, keyring)


def test_a_link_leads_to_what_was_published_with_its_marks_and_tells_nobody_where_one_came_from(house: House) -> None:
    first, second = house.links(greeting())
    assert "hotel.example" not in house.words(greeting())
    answer = house.opens(first, MONDAY + AN_HOUR)
    assert answer.status_code == 302
    marks = "utm_source=guestloop&utm_medium=email&utm_campaign=birthday&utm_content=send"
    assert answer.headers["Location"] == f"{SPA}&{marks}"
    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert (
        house.opens(second, MONDAY + AN_HOUR)
        .headers["Location"]
        .startswith("https://hotel.example/in?h=Casa%20do%20Rio&d=1&utm_source")
    )


def test_what_was_not_signed_here_leads_nowhere_and_is_not_kept(house: House) -> None:
    first, second = house.links(greeting())
    forged = [
        f"/l/{'A' * 17}1",
        first[:-1] + "9",
        first[:5] + ("x" if first[5] != "x" else "y") + first[6:],
        "/l/x",
        second + "1",
    ]
    for link in (*forged, first + "?to=https://evil.example/", first + "/https://evil.example"):
        location = house.opens(link, MONDAY + AN_HOUR).headers.get("Location", "")
        assert "evil" not in location and (link in location or not location or location.startswith(SPA))
    for link in forged:
        assert house.opens(link, MONDAY + AN_HOUR).status_code == 404
    assert (
        house.one("select count(*) from link_visit") == 1
    )  # that with a query of its own: it leads where it always does


def test_a_link_of_an_older_version_leads_where_that_version_led(house: House) -> None:
    with house.database.transaction() as tx:
        other = {"subject": "Other", "body": ["https://elsewhere.example/"]}
        written = {"key": "birthday", "name": "b", "purpose": "marketing", "locales": {"en": {"email": other}}}
        publish_template(tx, written, at=MONDAY, by="maria")
    assert house.opens(house.links(greeting())[0], MONDAY + AN_HOUR).headers["Location"].startswith(SPA)


def test_once_the_words_of_the_message_are_gone_its_link_leads_to_the_page_without_them(house: House) -> None:
    _, second = house.links(greeting())
    house.all("delete from sandbox_message returning 1")
    assert (
        house.opens(second, MONDAY + AN_HOUR).headers["Location"].startswith("https://hotel.example/in?d=1&utm_source")
    )


def test_a_click_is_published_once_however_often_the_link_is_opened(house: House) -> None:
    first, _ = house.links(greeting())
    for minutes in (60, 61, 90):
        house.opens(first, MONDAY + timedelta(minutes=minutes))
        house.judges(MONDAY + timedelta(minutes=minutes + 5))
    assert house.clicked() == [(greeting().message_id, 1)]
    (said,) = house.published("message.clicked.v1")
    assert (said["guest_id"], said["target"], said["journey"], said["channel"]) == (str(ANA), SPA, "birthday", "email")
    assert datetime.fromisoformat(said["occurred_at"]) == MONDAY + AN_HOUR
    assert house.one("select count(*) from link_visit") <= 1  # once it is known, nothing more is kept


def test_it_is_judged_some_seconds_later_with_those_around_it(house: House) -> None:
    house.opens(house.links(greeting())[0], MONDAY + AN_HOUR)
    assert house.reconcile.next_due() == MONDAY + AN_HOUR + JUDGED_AFTER
    house.judges(MONDAY + AN_HOUR + JUDGED_AFTER - timedelta(seconds=1))
    assert house.clicked() == []
    house.judges(MONDAY + AN_HOUR + JUDGED_AFTER)
    assert house.clicked() == [(greeting().message_id, 1)]


@pytest.mark.parametrize(
    ("method", "headers", "reason"),
    [
        ("HEAD", {}, "head"),
        ("GET", {"Purpose": "prefetch"}, "prefetch"),
        ("GET", {"Sec_Purpose": "prefetch;prerender"}, "prefetch"),
        ("GET", {"X_Purpose": "preview"}, "prefetch"),
        ("GET", {"Sec_Fetch_Dest": "empty"}, "prefetch"),
        ("GET", {"User_Agent": ""}, "scanner"),
        ("GET", {"User_Agent": "facebookexternalhit/1.1"}, "scanner"),
        ("GET", {"User_Agent": "WhatsApp/2.23.20 A"}, "scanner"),
        ("GET", {"User_Agent": "Mozilla/5.0 (compatible; BarracudaSentinel/1.0)"}, "scanner"),
        ("GET", {"User_Agent": "python-requests/2.31"}, "scanner"),
    ],
)
def test_programs_show_at_once(method: str, headers: dict[str, str], reason: str) -> None:
    told = {"User-Agent": PHONE, **{name.replace("_", "-"): value for name, value in headers.items()}}
    assert known_at_once(method, told) == reason


def test_programs_get_the_page_and_are_not_counted_until_the_guest_comes(house: House) -> None:
    first, _ = house.links(greeting())
    assert house.opens(first, MONDAY + AN_HOUR, method="HEAD").status_code == 302
    house.judges(MONDAY + 2 * AN_HOUR)
    assert house.clicked() == [] and house.known() == [(1, False, "head")]
    house.opens(first, MONDAY + 3 * AN_HOUR, Sec_Fetch_Dest="document")
    house.judges(MONDAY + 4 * AN_HOUR)
    assert house.clicked() == [(greeting().message_id, 1)] and house.known() == [(1, True, None)]
    house.opens(first, MONDAY + 5 * AN_HOUR, method="HEAD")
    house.judges(MONDAY + 6 * AN_HOUR)
    assert house.known() == [(1, True, None)]  # it never sinks


@pytest.mark.parametrize("agent", ["Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0 Mobile", PHONE, "Opera/9.80"])
def test_browsers_of_people_are_not_taken_for_programs(agent: str) -> None:
    assert known_at_once("GET", {"User-Agent": agent, "Sec-Fetch-Dest": "document"}) is None


@pytest.mark.parametrize("seconds", [3, 3600])
def test_whoever_opens_every_link_at_once_is_a_scanner_and_the_guest_counts_later(house: House, seconds: int) -> None:
    first, second = house.links(greeting())
    at = MONDAY + timedelta(seconds=seconds)
    house.opens(first, at)
    house.opens(second, at + timedelta(seconds=4))
    house.judges(at + AN_HOUR)
    assert house.clicked() == [] and house.known() == [(1, False, "sweep"), (2, False, "sweep")]
    house.opens(second, at + 2 * AN_HOUR)
    house.judges(at + 3 * AN_HOUR)
    assert house.clicked() == [(greeting().message_id, 2)]


def test_where_requests_came_from_is_forgotten_within_the_hour(house: House) -> None:
    house.opens(house.links(greeting())[0], MONDAY + AN_HOUR)
    house.judges(MONDAY + AN_HOUR + timedelta(minutes=1))
    assert house.one("select count(*) from link_visit where judged") == 1
    assert house.reconcile.next_due() == MONDAY + 2 * AN_HOUR
    house.judges(MONDAY + 2 * AN_HOUR)
    assert house.one("select count(*) from link_visit") == 0 and house.reconcile.next_due() is None


def test_a_guest_who_opens_both_links_in_their_own_time_counts_twice(house: House) -> None:
    first, second = house.links(greeting())
    house.opens(first, MONDAY + AN_HOUR)
    house.opens(second, MONDAY + AN_HOUR + timedelta(seconds=40))
    house.judges(MONDAY + 2 * AN_HOUR)
    assert house.clicked() == [(greeting().message_id, 1), (greeting().message_id, 2)]


def test_a_text_message_is_read_at_once(make_database: MakeDatabase, keyring: KeyRing) -> None:
    house = House(make_database("messaging"), guest(points=[mobile(keyring, "+351920000657")]))
    house.hears(greeting(channels=["sms"]))
    house.runs()
    (link,) = house.links(greeting())
    house.opens(link, MONDAY + timedelta(seconds=3))
    house.judges(MONDAY + AN_HOUR)
    assert house.clicked() == [(greeting().message_id, 1)]


def test_one_place_that_opens_the_links_of_many_is_no_guest(make_database: MakeDatabase, keyring: KeyRing) -> None:
    guests = [make_id("guest", "many", number) for number in range(BURST_OF + 1)]
    known = [guest(one, points=[email(keyring, f"g{place}@example.com")]) for place, one in enumerate(guests)]
    house = House(make_database("messaging"), *known)
    house.hears(*(greeting(one) for one in guests))
    house.runs()
    for one in guests[:-1]:
        house.opens(house.links(greeting(one))[0], MONDAY + AN_HOUR, where="203.0.113.5")
    house.opens(house.links(greeting(guests[-1]))[0], MONDAY + AN_HOUR, where="198.51.100.7")
    house.judges(MONDAY + 2 * AN_HOUR)
    assert house.clicked() == [(greeting(guests[-1]).message_id, 1)]
    assert {reason for _, counted, reason in house.known() if not counted} == {"burst"}


@pytest.mark.parametrize(
    "more", [{"rights": [str(Right.OBJECTS_TO_PROFILING)]}, {"rights": [str(Right.RESTRICTED)]}, {}, {"country": "DE"}]
)
def test_links_lead_straight_where_guest_hotel_or_country_want_no_counting(
    make_database: MakeDatabase, keyring: KeyRing, more: dict[str, Any]
) -> None:
    house = House(make_database("messaging"), ana(keyring, **more))
    with house.database.transaction() as tx:
        kind, key = ("country", "DE") if "country" in more else ("property", "LIS")
        if "rights" not in more:
            choose(tx, kind, key, {"clicks": False}, by="maria", at=LONG_AGO)
    house.hears(stay("LIS-000001", status=StayStatus.CHECKED_IN))
    house.hears(greeting(template="note", purpose=Purpose.STAY_SERVICE, stay_id=stay_id("LIS-000001")))
    house.runs()
    assert house.outcomes() == [("sent", None)]
    assert house.links(greeting()) == [] and f"See {SPA}." in house.words(greeting())
    assert "https://hotel.example/in?h=Casa%20do%20Rio&d=1\n" in house.words(greeting())


def test_whoever_objects_after_a_mail_is_led_on_and_not_counted(house: House, keyring: KeyRing) -> None:
    first, _ = house.links(greeting())
    house.hears(ana(keyring, version=2, rights=[str(Right.OBJECTS_TO_PROFILING)]))
    assert house.opens(first, MONDAY + AN_HOUR).status_code == 302
    assert house.one("select count(*) from link_visit") == 0


def test_a_hotel_may_want_no_marks(house: House) -> None:
    with house.database.transaction() as tx:
        choose(tx, "property", "LIS", {"utm": False}, by="maria", at=LONG_AGO)
    assert house.opens(house.links(greeting())[0], MONDAY + AN_HOUR).headers["Location"] == SPA


def test_of_an_erased_guest_nothing_is_left_and_their_link_still_leads(house: House) -> None:
    first, second = house.links(greeting())
    house.opens(first, MONDAY + AN_HOUR)
    house.judges(MONDAY + 2 * AN_HOUR)
    house.opens(first, MONDAY + 2 * AN_HOUR)
    house.opens(second, MONDAY + 2 * AN_HOUR)
    house.hears(GuestErased(guest_id=ANA, version=5, occurred_at=MONDAY + 2 * AN_HOUR, reason="request"))
    assert house.one("select count(*) from click") == house.one("select count(*) from link_visit") == 0
    assert house.opens(first, MONDAY + 3 * AN_HOUR).headers["Location"].startswith(SPA)
    assert house.opens(second, MONDAY + 3 * AN_HOUR).headers["Location"].startswith("https://hotel.example/in?d=1&utm")
    assert house.one("select count(*) from link_visit") == 0


def test_another_guests_message_is_not_counted_by_mine(make_database: MakeDatabase, keyring: KeyRing) -> None:
    house = House(make_database("messaging"), ana(keyring), guest(BEN, points=[email(keyring, "ben@example.com")]))
    house.hears(greeting(), greeting(BEN))
    house.runs()
    house.opens(house.links(greeting(BEN))[0], MONDAY + AN_HOUR)
    house.judges(MONDAY + 2 * AN_HOUR)
    assert house.clicked() == [(greeting(BEN).message_id, 1)]


def test_whoever_asks_a_thousand_times_leaves_twenty_rows(house: House) -> None:
    first, _ = house.links(greeting())
    for _ in range(30):
        house.opens(first, MONDAY + AN_HOUR, method="HEAD")
    assert house.one("select count(*) from link_visit") == 20


def test_what_an_earlier_version_published_is_numbered_at_the_next_start(house: House) -> None:
    before = house.all("select * from link order by template, language, channel, number")
    house.all("delete from link returning 1")
    with house.database.transaction() as tx:
        install_shipped(tx, MONDAY)
    assert house.all("select * from link order by template, language, channel, number") == before != []
