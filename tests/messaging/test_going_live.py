"""The switch out of the sandbox on screen: whom it concerns, what leaves first, and that nothing of the past does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from services.messaging.config import Config
from services.messaging.queries.going_live import reachable
from services.messaging.queries.templates.audience import audience
from services.messaging.service import SERVICE
from services.messaging.store.senders import health, rows
from shared.access.scope import EVERYWHERE
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose
from tests.cast import ADA, ANA, BEN, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel, claim, email, guest, lisbon, mobile, win_back
from tests.messaging.pages_cast import WAITING, house
from tests.messaging.test_house_senders import sender
from tests.web import Browser, browser, words

PLACE = "/messaging/going-live"
EARLIER, LATER = NOW - timedelta(hours=2), NOW + timedelta(hours=3)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    found = house(make_database("messaging"))
    found.hears(replace(WAITING, due_at=LATER, useful_until=LATER + timedelta(days=2)))
    return found


@pytest.fixture
def page(hotel: Hotel) -> Browser:
    found = browser(SERVICE.build_web, Config(), hotel.database, ADA)
    found.get(PLACE)
    return found


def tried(hotel: Hotel) -> None:
    one = sender()
    with hotel.database.transaction() as tx:
        rows.add(tx, one, None)
        health.note_work(tx, one.sender_id, 1, NOW)


def steps(page: Browser) -> dict[str, bool]:
    found = json.loads(page.get("/messaging/home").text)["going_live"]
    assert isinstance(found, dict)
    return found


def test_it_is_for_administrators_and_wants_a_sender_that_works(hotel: Hotel, page: Browser) -> None:
    marta = browser(SERVICE.build_web, Config(), hotel.database, MARTA)
    assert marta.get(PLACE).status_code == 403
    assert "none has sent a test yet" in words(page.get(PLACE)) and not steps(page)["sender"]
    assert "send yourself a test first" in words(page.post(PLACE))
    fixed = Config.read({"GUESTLOOP_EMAIL": "sandbox", "GUESTLOOP_SMS": "sandbox", "GUESTLOOP_WHATSAPP": "sandbox"})
    kept = browser(SERVICE.build_web, fixed, hotel.database, ADA)
    assert "cannot be changed here" in words(kept.get(PLACE))
    assert json.loads(kept.get("/messaging/home").text)["going_live"] is None


def test_the_switch_says_whom_it_concerns_and_is_turned_back(hotel: Hotel, page: Browser) -> None:
    tried(hotel)
    text = words(page.get(PLACE))
    assert "From now on 3 guests may be written to; 2 of them agreed to offers." in text
    assert "1 message is due in the next 24 hours, before checks: the first to Ana" in text
    assert "Nothing of the past is sent" in text
    assert "The house is live: from now on" in words(page.post(PLACE))
    assert "The house is live already." in words(page.post(PLACE)) and steps(page)["live"]
    assert "in the sandbox again" in words(page.post(f"{PLACE}/end")) and not steps(page)["live"]
    said = [body["action"][0] for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    assert said[-2:] == ["house.went_live", "house.back_to_sandbox"]


def test_nothing_that_was_due_before_is_sent_whether_it_waited_or_comes_late(hotel: Hotel, page: Browser) -> None:
    tried(hotel)
    points = [email(hotel.keyring, "later@example.com")]
    waited, late = win_back(BEN, due_at=EARLIER, occurrence="waited"), win_back(ANA, due_at=EARLIER, occurrence="late")
    hotel.hears(lisbon(), guest(BEN, points=points), waited)
    assert "1 message that still waits was due before and ends now." in words(page.get(PLACE))
    page.post(PLACE)
    hotel.hears(late)
    hotel.runs(NOW + timedelta(seconds=1))
    ended = "select count(*) from delivery where state = 'expired' and occurrence in ('waited', 'late')"
    assert hotel.one(ended) == 2
    assert hotel.one("select useful_until > due_at from delivery where state = 'queued'") is True


def test_whatsapp_is_written_to_the_number_that_text_messages_go_to(hotel: Hotel) -> None:
    """Who is counted for WhatsApp has a mobile number; offers need a consent of their own."""
    number = mobile(hotel.keyring, "+351930000451")
    hotel.hears(guest(make_id("guest", "eva"), points=[number], consents=[claim("whatsapp"), claim("sms")]))
    with hotel.database.transaction() as tx:
        assert reachable(tx, ["sms"]) == (2, 2) and reachable(tx, ["whatsapp"]) == (2, 1)
        found = audience(tx, Purpose.MARKETING, Channel.WHATSAPP, ["guest.tier"], NOW.date(), EVERYWHERE)
    assert found.guests.total() == found.lacking["guest.tier"].total() == 1
