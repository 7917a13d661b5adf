"""A guest signed up: what counts at once, what is asked to be confirmed, and which objections a consent lifts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.messaging.config import Config
from services.messaging.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.events.feedback import ReplyAffirmed
from shared.events.segments.guests import GuestSignedUp, SignedBox
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from tests.cast import ANA, BEN, FILIPA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, email, guest, lisbon, mobile, stop
from tests.messaging.test_confirmation import link_in, offered
from tests.web import browser, words

WORDS = "Yes, send me your offers by e-mail. I can end this at any time."
SECOND = "ana.silva@example.com"
NUMBER = "+447700900123"


def house(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    points = [email(hotel.keyring, "ana@example.com"), email(hotel.keyring, SECOND), mobile(hotel.keyring, NUMBER)]
    hotel.hears(lisbon(), guest(points=points, consents=[]))
    return hotel


def box(hotel: Hotel, channel: str = "email", address: str = "ana@example.com", **more: Any) -> SignedBox:
    point = hotel.keyring.index(channel, address)
    return SignedBox(channel=channel, purpose=more.pop("purpose", "marketing"), point=point, words=WORDS, **more)


def signs(hotel: Hotel, *boxes: SignedBox, number: int = 1, **more: Any) -> GuestSignedUp:
    at = MONDAY + timedelta(minutes=number)
    told: dict[str, Any] = {
        "signup_id": make_id("sign-up", number),
        "version": 1,
        "guest_id": ANA,
        "form": "lisboa",
        "form_version": 3,
        "property": "LIS",
        "page": "join",
        "language": "en",
        "zone": "Europe/Lisbon",
        "is_new": False,
        "boxes": list(boxes),
        "said_at": at,
        "occurred_at": at,
    }
    said = GuestSignedUp(**{**told, **more})
    hotel.hears(said, at=at)
    return said


def state(hotel: Hotel, channel: str = "email", purpose: str = "marketing") -> str | None:
    query = "select state from consent where channel = %s and purpose = %s"
    found: str | None = hotel.one(query, channel, purpose)
    return found


def test_each_box_is_an_express_consent_in_the_words_that_were_read(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    signs(hotel, box(hotel), box(hotel, "sms", NUMBER))
    assert (state(hotel), state(hotel, "sms")) == ("express", "express")
    ((sealed,), _) = hotel.all("select proof_sealed from consent_ledger order by id")
    proof = json.loads(hotel.keyring.open(Sealed(sealed), Sealing.PROOF))
    assert (proof["words"], proof["by"]) == (WORDS, "a guest")
    assert proof["place"] == "join: lisboa, version 3, en"
    assert offered(hotel, MONDAY + timedelta(hours=1), 1) == ("sent", None)
    page = words(browser(SERVICE.build_web, Config(), hotel.database, FILIPA).get(f"/messaging/guests/{ANA}/consents"))
    assert WORDS in page and "lisboa, version 3, en" in page


def test_heard_twice_it_is_one_statement_in_effect(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    for _ in range(2):
        signs(hotel, box(hotel))
    assert hotel.one("select count(*) from consent_ledger") == 1


def test_where_the_country_asks_it_counts_once_the_link_was_followed(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    signs(hotel, box(hotel, must_confirm=True))
    assert state(hotel) == "pending"
    at = MONDAY + timedelta(hours=1)
    hotel.runs(at)
    assert isinstance(hotel.provider, Provider)
    assert [one.purpose for one in hotel.provider.taken] == ["stay_service"]
    assert offered(hotel, at, 1) == ("skipped", "no_consent")
    visitor = browser(SERVICE.build_web, Config(), hotel.database, None, at=at)
    assert WORDS in words(visitor.get(link_in(hotel, 0)))
    visitor.post(link_in(hotel, 0))
    assert state(hotel) == "express"
    assert offered(hotel, at, 2) == ("sent", None)


def test_a_number_is_asked_by_a_text_message_and_counts_once_the_link_was_followed(make_database: MakeDatabase) -> None:
    """A word that was typed by anybody is no consent of the number's owner; a scanner of links gives none either."""
    hotel = house(make_database)
    for number in (1, 2):
        signs(hotel, box(hotel, "sms", NUMBER, must_confirm=True), number=number)
    assert (state(hotel, "sms"), state(hotel)) == ("pending", None)
    at = MONDAY + timedelta(hours=1)
    hotel.runs(at)
    assert isinstance(hotel.provider, Provider)
    (asked,) = hotel.provider.taken
    assert (asked.channel, asked.to, asked.purpose) == ("sms", NUMBER, "stay_service")
    assert "offers by text message" in asked.text and "STOP" not in asked.text
    assert offered(hotel, at, 1, by_sms=True) == ("skipped", "no_consent")
    visitor = browser(SERVICE.build_web, Config(), hotel.database, None, at=at)
    shown = words(visitor.get(link_in(hotel, 0)))
    assert "Shall we send you offers by text message?" in shown and "+447" in shown
    assert state(hotel, "sms") == "pending", "whoever opens it confirms nothing"
    assert "answer STOP to any offer" in words(visitor.post(link_in(hotel, 0)))
    assert (state(hotel, "sms"), state(hotel)) == ("express", None)
    assert offered(hotel, at, 2, by_sms=True) == ("sent", None)
    ((sealed,),) = hotel.all("select proof_sealed from consent_ledger where state = 'express'")
    proof = json.loads(hotel.keyring.open(Sealed(sealed), Sealing.PROOF))
    assert proof["words"] == WORDS and proof["confirmed_at"] == at.isoformat()


def yes(hotel: Hotel, at: datetime, number: int = 1, **more: Any) -> ReplyAffirmed:
    point = hotel.keyring.index("sms", NUMBER)
    told = {"channel": Channel.SMS, "point": point, "words": "YES", "affirmed_at": at, **more}
    return ReplyAffirmed(reply_id=make_id("affirmed", number), version=1, **told)


def test_a_bare_yes_to_the_text_message_confirms_as_the_button_does(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    signs(hotel, box(hotel, "sms", NUMBER, must_confirm=True))
    at = MONDAY + timedelta(hours=1)
    hotel.hears(yes(hotel, at))
    assert state(hotel, "sms") == "pending", "nothing was asked yet"
    hotel.runs(at)
    hotel.hears(yes(hotel, MONDAY, number=2))
    hotel.hears(yes(hotel, at, number=3, point=hotel.keyring.index("sms", "+447700900999")))
    assert state(hotel, "sms") == "pending", "said before it was asked, and by another number"
    for _ in range(2):
        hotel.hears(yes(hotel, at, number=4), at=at)
    assert (state(hotel, "sms"), state(hotel)) == ("express", None)
    ((sealed,),) = hotel.all("select proof_sealed from consent_ledger where state = 'express'")
    proof = json.loads(hotel.keyring.open(Sealed(sealed), Sealing.PROOF))
    assert (proof["words"], proof["reply"], proof["confirmed_at"]) == (WORDS, "YES", at.isoformat())
    assert offered(hotel, at, 2, by_sms=True) == ("sent", None)


def test_a_yes_that_may_mean_two_things_or_comes_too_late_confirms_nothing(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    hotel.hears(guest(guest_id=BEN, points=[mobile(hotel.keyring, NUMBER)], consents=[]))
    signs(hotel, box(hotel, "sms", NUMBER, must_confirm=True))
    signs(hotel, box(hotel, "sms", NUMBER, must_confirm=True), number=2, guest_id=BEN)
    at = MONDAY + timedelta(hours=1)
    hotel.runs(at)
    assert isinstance(hotel.provider, Provider) and len(hotel.provider.taken) == 2
    hotel.hears(yes(hotel, at), at=at)
    late = MONDAY + timedelta(days=8)
    hotel.hears(yes(hotel, late, number=2), at=late)
    assert hotel.all("select distinct state from consent where channel = 'sms'") == [("pending",)]


def test_a_number_that_is_stopped_is_not_asked(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    hotel.hears(stop(hotel.keyring, "sms", NUMBER, scope="channel"), at=MONDAY)
    signs(hotel, box(hotel, "sms", NUMBER, must_confirm=True))
    hotel.runs(MONDAY + timedelta(hours=1))
    assert isinstance(hotel.provider, Provider)
    assert hotel.provider.taken == [] and state(hotel, "sms") != "express"


def test_signing_up_again_and_again_sends_one_link(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    for number in range(1, 5):
        signs(hotel, box(hotel, must_confirm=True), number=number)
    hotel.runs(MONDAY + timedelta(hours=1))
    assert isinstance(hotel.provider, Provider)
    assert len(hotel.provider.taken) == 1


def standing(hotel: Hotel) -> set[tuple[str, str]]:
    known = {hotel.keyring.index("email", a): a for a in ("ana@example.com", SECOND)}
    known[hotel.keyring.index("sms", NUMBER)] = NUMBER
    return {(known[point], purpose) for point, purpose in hotel.all("select point, purpose from suppression")}


def test_on_a_stopped_address_nothing_is_lifted_until_its_owner_confirms(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    hotel.hears(stop(hotel.keyring, "email", "ana@example.com", scope="marketing"), at=MONDAY)
    signs(hotel, box(hotel))
    assert state(hotel) == "withdrawn" and standing(hotel) == {("ana@example.com", "marketing")}
    at = MONDAY + timedelta(hours=1)
    hotel.runs(at)
    browser(SERVICE.build_web, Config(), hotel.database, None, at=at).post(link_in(hotel, 0))
    assert state(hotel) == "express" and standing(hotel) == set()
    assert offered(hotel, at, 2) == ("sent", None)


def test_a_consent_lifts_no_other_address_no_other_purpose_and_no_other_channel(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    hotel.hears(stop(hotel.keyring, "email", SECOND, scope="channel"), at=MONDAY)
    hotel.hears(stop(hotel.keyring, "sms", NUMBER, scope="channel"), at=MONDAY)
    signs(hotel, box(hotel), by="Filipa Faria", page="kiosk")
    assert state(hotel) == "express"
    assert standing(hotel) == {(SECOND, "all"), (NUMBER, "all")}
    signs(hotel, box(hotel, address=SECOND), number=2, by="Filipa Faria", page="kiosk")
    assert standing(hotel) == {(SECOND, "feedback"), (NUMBER, "all")}


@pytest.mark.parametrize("page", ["join", "kiosk"])
def test_before_a_colleagues_eyes_a_stopped_number_counts_at_once_from_afar_it_does_not(
    make_database: MakeDatabase, page: str
) -> None:
    hotel = house(make_database)
    hotel.hears(stop(hotel.keyring, "sms", NUMBER, scope="channel"), at=MONDAY)
    signs(hotel, box(hotel, "sms", NUMBER), page=page, by="Filipa Faria" if page == "kiosk" else None)
    lifted = page == "kiosk"
    assert (state(hotel, "sms") == "express") is lifted
    assert ((NUMBER, "all") in standing(hotel)) is not lifted


def test_an_objection_that_came_later_is_not_overtaken_by_a_late_event(make_database: MakeDatabase) -> None:
    hotel = house(make_database)
    hotel.hears(stop(hotel.keyring, "email", "ana@example.com", scope="marketing", requested_at=MONDAY), at=MONDAY)
    signs(hotel, box(hotel), page="kiosk", by="Filipa Faria", said_at=MONDAY - timedelta(days=1))
    assert state(hotel) == "withdrawn" and standing(hotel) == {("ana@example.com", "marketing")}
