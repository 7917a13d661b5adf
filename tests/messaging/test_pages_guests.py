"""A guest's consents as lines, a STOP in two taps, a consent with its proof; the story as other pages show it."""

from __future__ import annotations

import json

import pytest

from shared.crypto.purposes import Sealing
from tests.cast import ADDRESS, ANA, ANTON, BEN, CARLA, DINA, FILIPA, MARTA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel
from tests.messaging.pages_cast import SENT, house, looking
from tests.web import words

PAGE = f"/messaging/guests/{ANA}/consents"
AGREED = {
    "channel": "email",
    "purpose": "marketing",
    "said_on": "2026-11-21",
    "place": "at the desk, form 12",
    "words": "Yes, send me your offers.",
}


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return house(make_database("messaging"))


def states(hotel: Hotel) -> dict[str, str]:
    query = "select jsonb_object_agg(channel || ' ' || purpose, state) from consent where guest_id = %s"
    found: dict[str, str] = hotel.one(query, ANA)
    return found


def test_what_a_guest_allows_stands_in_lines_with_its_source(hotel: Hotel) -> None:
    text = words(looking(hotel, MARTA).get(PAGE))
    assert "offers by e-mail agreed from an import" in text and "Withdraw" in text
    assert ADDRESS not in text
    assert ADDRESS in words(looking(hotel, FILIPA).get(PAGE))


def test_an_analyst_looks_and_changes_nothing(hotel: Hotel) -> None:
    browser = looking(hotel, ANTON)
    assert "Withdraw" not in words(browser.get(PAGE))
    browser.get("/messaging/messages")
    assert browser.post(f"{PAGE}/stop", {"scope": "everything"}).status_code in (400, 403)


def test_another_hotels_guest_is_not_there(hotel: Hotel) -> None:
    dina = looking(hotel, DINA)
    dina.get(PAGE)
    assert dina.get(f"/messaging/guests/{CARLA}/consents").status_code == 404
    assert dina.get(f"/messaging/guests/{CARLA}/story").status_code == 404
    assert dina.post(f"/messaging/guests/{CARLA}/consents/stop", {"scope": "everything"}).status_code == 404


@pytest.mark.parametrize(
    ("scope", "ended"),
    [
        ("email", {"email marketing", "email feedback"}),
        ("sms", {"sms marketing", "sms feedback"}),
        ("all_marketing", {"email marketing", "sms marketing", "whatsapp marketing"}),
        (
            "everything",
            {f"{one} {purpose}" for one in ("email", "sms", "whatsapp") for purpose in ("marketing", "feedback")},
        ),
    ],
)
def test_a_stop_is_two_taps_and_ends_what_it_says(hotel: Hotel, scope: str, ended: set[str]) -> None:
    browser = looking(hotel, FILIPA)
    browser.get(PAGE)
    answer = browser.post(f"{PAGE}/stop", {"scope": scope, "how": "on the phone"})
    assert "told on the phone" in words(answer)
    assert {line for line, state in states(hotel).items() if state == "withdrawn"} == ended
    actions = [body["action"][0] for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    assert "consent.stopped" in actions


def test_the_same_stop_twice_is_said_once(hotel: Hotel) -> None:
    browser = looking(hotel, FILIPA)
    browser.get(PAGE)
    for _ in range(2):
        browser.post(f"{PAGE}/stop", {"scope": "email"})
    assert [name for name, _, _ in hotel.said()].count("consent.changed.v1") == 1


def test_one_line_is_withdrawn_alone(hotel: Hotel) -> None:
    browser = looking(hotel, FILIPA)
    browser.get(PAGE)
    browser.post(f"{PAGE}/withdrawal", {"channel": "sms", "purpose": "marketing"})
    assert states(hotel) == {"email marketing": "express", "sms marketing": "withdrawn"}


def test_a_guest_without_an_address_may_object_too(hotel: Hotel) -> None:
    browser = looking(hotel, FILIPA)
    browser.get(PAGE)
    browser.post(f"/messaging/guests/{BEN}/consents/stop", {"scope": "sms"})
    query = "select count(*) from consent where guest_id = %s and channel = 'sms' and state = 'withdrawn'"
    assert hotel.one(query, BEN) == 2


def test_a_consent_is_recorded_with_when_where_and_which_words(hotel: Hotel) -> None:
    browser = looking(hotel, FILIPA)
    page = f"/messaging/guests/{BEN}/consents"
    browser.get(page)
    text = words(browser.post(page, AGREED))
    assert "«Yes, send me your offers.» (at the desk, form 12, recorded by Filipa Faria)" in text
    sealed = hotel.one("select proof_sealed from consent_ledger where proof_sealed is not null")
    assert "offers" not in sealed
    assert json.loads(hotel.keyring.open(sealed, Sealing.PROOF))["by"] == "Filipa Faria"


@pytest.mark.parametrize(("field", "value"), [("words", ""), ("place", ""), ("said_on", "2030-01-01")])
def test_a_consent_without_proof_is_not_taken_and_what_was_typed_stays(hotel: Hotel, field: str, value: str) -> None:
    browser = looking(hotel, FILIPA)
    page = f"/messaging/guests/{BEN}/consents"
    browser.get(page)
    answer = browser.post(page, {**AGREED, field: value})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.get_data(as_text=True)
    kept = AGREED["words" if field != "words" else "place"]
    assert kept in answer.get_data(as_text=True)
    query = "select count(*) from consent where guest_id = %s and state = 'express'"
    assert hotel.one(query, BEN) == 0


def test_the_story_has_messages_refusals_and_consents_newest_first(hotel: Hotel) -> None:
    story = looking(hotel, MARTA).get(f"/messaging/guests/{ANA}/story").get_json()
    kinds = {entry["kind"] for entry in story["entries"]}
    assert {"message", "edit"} <= kinds
    assert [entry["at"] for entry in story["entries"]] == sorted((e["at"] for e in story["entries"]), reverse=True)
    sent = next(entry for entry in story["entries"] if entry["kind"] == "message")
    assert f"/messaging/messages/{SENT.message_id}" in sent["html"] and "Something to look forward to" in sent["html"]
    assert "Record a STOP" in story["actions"]
    refused = looking(hotel, MARTA).get(f"/messaging/guests/{BEN}/story").get_json()["entries"]
    assert any(entry["kind"] == "skip" and "has not agreed to offers" in entry["html"] for entry in refused)
