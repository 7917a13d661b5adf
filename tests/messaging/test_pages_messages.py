"""«Sent»: what left, what did not and why, for those whose hotel it is; a message whole; unknowns resolved by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.messaging.commands.receipts import take_reports
from services.messaging.config import Config
from services.messaging.queries.messages import PAGE
from services.messaging.rules.receipts import Report
from services.messaging.service import SERVICE
from shared.events.campaigns import JourneyLaunched
from shared.vocabulary.channel import Channel
from shared.vocabulary.receipt import ReceiptState
from shared.web.config import WebConfig
from tests.cast import ADA, ADDRESS, ANA, ANTON, DINA, FILIPA, MARTA, WEI
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel, birthday
from tests.messaging.pages_cast import DUE, REFUSED, SENT, SHANGHAI, house, looking
from tests.web import browser, words


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return house(make_database("messaging"))


def test_each_message_is_a_line_with_its_outcome_in_words(hotel: Hotel) -> None:
    text = words(looking(hotel, MARTA).get("/messaging/messages"))
    for seen in (
        "Ana Silva",
        "sent",
        "Ben Silva",
        "not sent: the guest has not agreed to offers on this channel",
        "(Lisbon)",
    ):
        assert seen in text
    assert "Nothing is really sent" in text  # the sandbox says so


def test_where_some_channels_end_in_the_sandbox_each_is_named(hotel: Hotel) -> None:
    config = Config(sandboxed=("sms", "whatsapp"), open_channels=())
    text = words(browser(SERVICE.build_web, config, hotel.database, MARTA).get("/messaging/messages"))
    assert "What ends here, in the sandbox: text message, WhatsApp." in text


def test_nobody_sees_another_hotels_guests(hotel: Hotel) -> None:
    text = words(looking(hotel, DINA).get("/messaging/messages"))
    assert "Ana Silva" in text and "Carla" not in text
    assert "Carla" in words(looking(hotel, WEI).get("/messaging/messages"))
    for more in ("", "/body"):
        assert looking(hotel, DINA).get(f"/messaging/messages/{SHANGHAI.message_id}{more}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "seen", "unseen"),
    [
        ("state=sent", "Ana", "Ben"),
        ("state=not_sent", "Ben", "Ana"),
        ("reason=no_consent", "Ben", "Ana"),
        ("state=unknown", "No message matches", "Ana"),
        ("journey=win-back", "No message matches", "Ana"),
        ("channel=sms", "No message matches", "Ana"),
        ("day=2026-11-21", "Ana", "No message matches"),
        ("day=2026-11-20", "No message matches", "Ana"),
    ],
)
def test_filters_narrow_it(hotel: Hotel, asked: str, seen: str, unseen: str) -> None:
    text = words(looking(hotel, MARTA).get(f"/messaging/messages?{asked}")).split("Show", 1)[1]
    assert seen in text and unseen not in text


def test_what_came_back_is_found_by_what_was_heard_of_it_and_what_it_was_for(hotel: Hotel) -> None:
    """As a warning of a sender leads there."""
    told = Report(message_id=SENT.message_id, state=ReceiptState.BOUNCED, channel=Channel.EMAIL, happened_at=DUE)
    with hotel.database.transaction() as tx:
        assert take_reports(tx, [told], DUE) == 1
    marta, asked = looking(hotel, MARTA), f"purpose={SENT.purpose}&back=either"
    for more, is_seen in (
        ("", True),
        (f"&since={DUE.date()}", True),
        (f"&since={DUE.date() + timedelta(days=2)}", False),
        ("&channel=sms", False),
    ):
        text = words(marta.get(f"/messaging/messages?{asked}{more}")).split("Show", 1)[1]
        assert ("Ana" in text) is is_seen and ("No message matches" in text) is not is_seen and "Ben" not in text
    assert "No message matches" in words(marta.get("/messaging/messages?back=complained"))
    assert marta.get("/messaging/messages?back=nobody").status_code == 422


def test_a_filter_that_makes_no_sense_is_an_error_in_words(hotel: Hotel) -> None:
    assert looking(hotel, MARTA).get("/messaging/messages?day=yesterday").status_code == 422


def test_many_messages_come_in_pages_and_none_is_missed(hotel: Hotel) -> None:
    hotel.hears(*(birthday(ANA, plan=2 + number, due_at=DUE + timedelta(minutes=number)) for number in range(PAGE)))
    hotel.runs(DUE + timedelta(hours=1))
    browser = looking(hotel, MARTA)
    first = browser.get("/messaging/messages").get_data(as_text=True)
    address = first.split('class="pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(address).get_data(as_text=True)
    assert first.count('class="sent-when"') == PAGE
    assert second.count('class="sent-when"') == 3


def test_a_message_shows_its_text_and_every_decision_and_masks_the_address(hotel: Hotel) -> None:
    page = f"/messaging/messages/{SENT.message_id}"
    masked = words(looking(hotel, MARTA).get(page))
    assert "Something to look forward to" in masked and "it was not really sent" in masked
    assert ADDRESS not in masked and "a•••@e•••.com" in masked
    assert ADDRESS in words(looking(hotel, FILIPA).get(page))
    refused = words(looking(hotel, MARTA).get(f"/messaging/messages/{REFUSED.message_id}"))
    assert "There is no text" in refused and "not sent: the guest has not agreed" in refused


def test_a_mail_stands_in_a_frame_that_can_do_nothing_and_gives_no_link_away(hotel: Hotel) -> None:
    answer = looking(hotel, MARTA).get(f"/messaging/messages/{SENT.message_id}/body")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy
    body = answer.get_data(as_text=True)
    assert "/messaging/way-out/…" in body and '<base target="_blank">' in body


def test_an_unclear_message_shows_its_address_to_whoever_asks(hotel: Hotel) -> None:
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set state = 'unknown' where message_id = %s", [SENT.message_id])
    ada = looking(hotel, ADA)
    page = words(ada.get("/messaging/unknowns"))
    assert "a•••@e•••.com" in page and ADDRESS not in page
    assert ADDRESS in words(ada.post("/messaging/unknowns", {"show": str(ANA)}))
    actions = [body["action"] for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    assert actions == [["unknowns.listed"], ["unknowns.listed"], ["contacts.shown"]]


def test_links_of_a_demo_lead_to_where_it_runs_now(hotel: Hotel) -> None:
    page = f"/messaging/messages/{SENT.message_id}/body"
    assert "http://127.0.0.1:8080/messaging/way-out/…" in looking(hotel, MARTA).get(page).get_data(as_text=True)
    config = Config(origin="http://127.0.0.1:8099")
    demo = browser(SERVICE.build_web, config, hotel.database, MARTA, web=WebConfig(demo=True))
    body = demo.get(page).get_data(as_text=True)
    assert "http://127.0.0.1:8099/messaging/way-out/…" in body and ":8080" not in body


def test_opening_a_message_is_said_to_the_audit_trail(hotel: Hotel) -> None:
    looking(hotel, ANTON).get(f"/messaging/messages/{SENT.message_id}")
    said = [body for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    assert (said[-1]["action"], said[-1]["actor"]) == (["message.read"], ["Anton Alves"])


def _make_unknown(hotel: Hotel) -> None:
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set state = 'unknown' where message_id = %s", [SENT.message_id])


@pytest.mark.parametrize(("found", "state", "kept"), [("arrived", "sent", 1), ("never_arrived", "failed", 0)])
def test_an_unknown_is_resolved_by_hand_once(hotel: Hotel, found: str, state: str, kept: int) -> None:
    _make_unknown(hotel)
    browser, page = looking(hotel, ADA), f"/messaging/unknowns/{SENT.message_id}/resolution"
    assert "Ana Silva" in words(browser.get("/messaging/unknowns"))
    assert "The outcome of this message is clear now" in words(browser.post(page, {"found": found}))
    assert hotel.state_of(SENT) == state
    assert hotel.contacts(SENT.message_id) == kept
    assert f"message.{state}.v1" in [name for name, _, _ in hotel.said()]
    assert browser.post(page, {"found": found}).status_code == 409


def test_only_operators_resolve(hotel: Hotel) -> None:
    assert looking(hotel, MARTA).get("/messaging/unknowns").status_code == 403


def test_the_empty_page_teaches(make_database: MakeDatabase) -> None:
    text = words(looking(Hotel(make_database("messaging")), MARTA).get("/messaging/messages"))
    assert "Nothing was sent yet" in text and "Open the journeys" in text


def test_a_mails_page_and_a_story_opened_by_themselves_are_noted(hotel: Hotel) -> None:
    marta = looking(hotel, MARTA)
    assert marta.get(f"/messaging/messages/{SENT.message_id}/body").status_code == 200
    marta.get(f"/messaging/guests/{ANA}/story")
    said = [body for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    noted = [(body["action"][0], body["subject"][0]) for body in said]
    assert noted == [("message.body_read", f"message {SENT.message_id}"), ("guest.story_viewed", f"guest {ANA}")]


def test_a_message_is_named_by_its_journeys_name(hotel: Hotel) -> None:
    assert "birthday" in words(looking(hotel, MARTA).get("/messaging/messages"))  # not heard yet
    hotel.hears(launched("birthday", 1, "Cake for everyone"), launched("birthday", 2, "Birthday, a week before"))
    hotel.hears(launched("birthday", 1, "Cake for everyone"))  # late
    marta = looking(hotel, MARTA)
    for path in ("/messaging/messages", f"/messaging/messages/{SENT.message_id}"):
        text = words(marta.get(path))
        assert "Birthday, a week before" in text and "Cake" not in text
        assert "生日前一周" in words(marta.get(path, headers={"Accept-Language": "zh"}))
    story = marta.get(f"/messaging/guests/{ANA}/story").get_json()["entries"]
    assert any("Birthday, a week before, e-mail" in entry["html"] for entry in story)


def launched(journey: str, version: int, name: str) -> JourneyLaunched:
    return JourneyLaunched(journey=journey, version=version, segments=[], launched_at=DUE, by="Marta", name=name)


def test_it_reads_in_chinese(hotel: Hotel) -> None:
    text = words(looking(hotel, MARTA).get("/messaging/messages", headers={"Accept-Language": "zh"}))
    assert "未发送：宾客未同意在此渠道接收优惠" in text
