"""The senders on screen: set up, tried, paused and deleted by an administrator, and what is never shown."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest

from services.messaging.store.senders import health, live, rows
from shared.crypto.purposes import Sealing
from tests.cast import ADA, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel
from tests.messaging.pages_cast import SENT, house, looking
from tests.web import Browser, words

MAIL = {
    "name": "Casa's mail", "from_address": "hello@casa.example.com", "host": "smtp.example.com", "port": "587",
    "security": "starttls", "user": "casa", "secret": "open sesame", "weight": "2", "rate": "5", "countries": "pt, CN",
    "hotels": ["LIS"], "seen": "1",
}  # fmt: skip
TEXTS = {"name": "Texts", "account": "AC" + "0" * 32, "sender": "+15005550006", "secret": "a token", "seen": "1"}
NEW = "/messaging/senders/new/email"


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return house(make_database("messaging"))


@pytest.fixture
def page(hotel: Hotel) -> Browser:
    found = looking(hotel, ADA)
    found.get("/messaging/senders")
    return found


def kept(hotel: Hotel) -> UUID:
    found = hotel.one("select sender_id from sender")
    assert isinstance(found, UUID)
    return found


def audited(hotel: Hotel) -> list[tuple[str, dict[str, Any]]]:
    said = [body for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    return [(action, body["details"][place]) for body in said for place, action in enumerate(body["action"])]


def test_a_sender_is_set_up_with_a_secret_that_is_shown_nowhere(hotel: Hotel, page: Browser) -> None:
    assert "No sender yet" in words(page.get("/messaging/senders"))
    assert "Nobody knows" not in words(page.post(NEW, MAIL))
    number = kept(hotel)
    with hotel.database.transaction() as tx:
        row = rows.sender(tx, number)
        assert row and (row.hotels, row.countries, row.weight, row.rate) == (["LIS"], ["CN", "PT"], 2, 5)
        assert tx.keyring.open(rows.secrets_of(tx, [number])[number], Sealing.SENDER) == "open sesame"
    shown = page.get(f"/messaging/senders/{number}").text + page.get("/messaging/senders").text
    assert "not tried yet" in shown and "Casa do Rio, to China, Portugal" in " ".join(shown.split())
    assert "open sesame" not in shown and "open sesame" not in str(hotel.said())
    ((action, told),) = [one for one in audited(hotel) if one[0].startswith("sender.")]
    assert (action, told["name"], told["from_address"]) == ("sender.added", "Casa's mail", "hello@casa.example.com")


@pytest.mark.parametrize(
    ("channel", "form", "more", "sentence"),
    [
        ("email", MAIL, {"from_address": "nobody"}, "Write an e-mail address"),
        ("email", MAIL, {"port": "99999"}, "Write a whole number in these bounds."),
        ("email", MAIL, {"host": "a b"}, "Write the mail server's name"),
        ("email", MAIL, {"countries": "Portugal"}, "Write countries by their two letters"),
        ("email", MAIL, {"legal_entity": "Casa do Rio, Lda."}, "Choose a brand or hotels, not both."),
        ("email", MAIL, {"secret": ""}, "It is needed, and is shown to nobody afterwards."),
        ("email", MAIL, {"name": " "}, "Give it a name"),
        ("sms", TEXTS, {"account": "AC1"}, "It begins with AC"),
        ("sms", TEXTS, {"sender": "5005550006"}, "A number such as"),
    ],
)
def test_a_field_that_does_not_fit_is_named_and_what_was_typed_stays(
    hotel: Hotel, page: Browser, channel: str, form: dict[str, Any], more: dict[str, str], sentence: str
) -> None:
    answer = page.post(f"/messaging/senders/new/{channel}", {**form, **more}, follow=False)
    assert answer.status_code == 422 and sentence in words(answer)
    assert "open sesame" not in answer.text and "a token" not in answer.text
    assert hotel.one("select count(*) from sender") == 0


def test_it_is_changed_tried_paused_and_deleted(hotel: Hotel, page: Browser) -> None:
    page.post(NEW, MAIL)
    place = f"/messaging/senders/{kept(hotel)}"
    page.post(place, {**MAIL, "secret": "", "warms": "1", "warm_first": "10", "warm_until": "500"})
    assert "The next days of its warm-up" in words(page.get(place))
    assert "somebody else" not in words(page.post(place, MAIL))  # of version 1
    assert hotel.one("select version from sender") == 2
    assert "It is on its way to you." in words(page.post(f"{place}/test", {}))
    (asked,) = [body for name, _, body in hotel.said() if name == "test.requested.v1"]
    assert asked["person_id"] == [str(ADA.person_id)]
    assert hotel.one("select (sender_id is not null, sender_version)::text from template_test") == "(t,2)"
    assert "paused" in words(page.post(f"{place}/pause", {}))
    assert "not tried yet" in words(page.post(f"{place}/resume", {}))
    page.post(f"{place}/deletion", {})
    assert page.get(place).status_code == 404 and hotel.one("select secret_sealed from sender") is None
    assert [action for action, _ in audited(hotel) if action.startswith("sender.")] == [
        "sender.added", "sender.changed", "sender.tested", "sender.paused", "sender.resumed", "sender.deleted",
    ]  # fmt: skip


def test_a_sender_that_fails_stands_on_its_page_and_on_home(hotel: Hotel, page: Browser) -> None:
    page.post(NEW, MAIL)
    with hotel.database.transaction() as tx:
        rest = {"first": NOW - NOW.replace(minute=59, hour=11), "last": NOW - NOW.replace(hour=11)}
        health.note_trouble(tx, kept(hotel), "unreachable", "TimeoutError", NOW, **rest)
        live.begin(tx, "Ada", NOW)
    text = words(page.get("/messaging/senders"))
    assert "rests after a failure" in text and "the provider could not be reached (TimeoutError)" in text
    assert "The house is live since" in text
    needs = json.loads(page.get("/messaging/home").text)["needs"]
    assert "The sender «Casa's mail» fails: the provider could not be reached" in [one["text"] for one in needs]


def test_messages_are_found_by_their_sender(hotel: Hotel, page: Browser) -> None:
    page.post(NEW, MAIL)
    number = kept(hotel)
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set sender_id = %s where message_id = %s", [number, SENT.message_id])
    page.post(f"/messaging/senders/{number}/deletion", {})
    assert "Casa's mail" in words(page.get(f"/messaging/messages/{SENT.message_id}"))
    listed = set(
        re.findall(r"/messaging/messages/[0-9a-f-]{36}", page.get(f"/messaging/messages?sender={number}").text)
    )
    assert listed == {f"/messaging/messages/{SENT.message_id}"}


def test_only_administrators(hotel: Hotel) -> None:
    assert looking(hotel, MARTA).get("/messaging/senders").status_code == 403
