"""When a message goes by WhatsApp, and by which channel it goes instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from services.messaging.commands.templates.publish import publish_template
from services.messaging.config import Config
from services.messaging.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.events.campaigns import MessageRequested
from shared.events.feedback import ReplyAnswered, ReplyReceived
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from shared.web.config import WebConfig
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.ana import NUMBER
from tests.messaging.hotel import (
    MONDAY,
    Hotel,
    Provider,
    claim,
    guest,
    lisbon,
    mobile,
    stay,
    stop,
    survey,
    with_version,
)
from tests.messaging.test_whatsapp import APPROVED_PART, SID
from tests.web import browser

A_DAY = timedelta(days=1)
EVERY = ("email", "sms", "whatsapp")
TOKEN, ORIGIN = "12345-not-a-secret", "https://loop.example.com"


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    """Ana has a number, and agreed to each channel by itself."""
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stay("LIS-000001"), ana(hotel))
    return hotel


def ana(hotel: Hotel, version: int = 1, agreed: tuple[str, ...] = EVERY, number: str = NUMBER) -> Any:
    return guest(version=version, points=[mobile(hotel.keyring, number)], consents=[claim(one) for one in agreed])


def publish(hotel: Hotel, part: Mapping[str, Any], purpose: str = "marketing") -> None:
    """By WhatsApp and by text message."""
    locale = {"whatsapp": part, "sms": {"text": "Come and see us."}}
    document = {"key": "hello", "name": "Hello", "purpose": purpose, "locales": {"en": locale}}
    with hotel.database.transaction() as tx:
        publish_template(tx, document, at=MONDAY - A_DAY, by="maria")


def offer(number: int = 1, **more: Any) -> MessageRequested:
    told = {"purpose": "marketing", "template": "hello", "channels": ["whatsapp", "sms"], **more}
    asked: MessageRequested = with_version(
        survey(), 1, message_id=make_id("offer", number), occurrence=f"offer:{number}", **told
    )
    return asked


def wrote(hotel: Hotel, at: datetime, number: str = NUMBER) -> ReplyReceived:
    point = hotel.keyring.index("sms", number)
    reply = make_id("reply", at.isoformat())
    return ReplyReceived(reply_id=reply, point=point, version=1, channel=Channel.WHATSAPP, received_at=at)


def sent(hotel: Hotel) -> list[str]:
    """By which channels, in order."""
    assert isinstance(hotel.provider, Provider)
    return [message.channel for message in hotel.provider.taken]


def test_an_approved_template_goes_to_the_guests_number(hotel: Hotel) -> None:
    publish(hotel, APPROVED_PART)
    hotel.hears(offer())
    hotel.runs()
    (message,) = hotel.provider.taken  # type: ignore[attr-defined]
    assert (message.channel, message.to) == ("whatsapp", NUMBER)
    assert message.approved and message.approved.sid == SID
    assert message.approved.variables == {"1": "Dear Ms Silva", "2": "Casa do Rio"}
    assert message.text.startswith("Dear Ms Silva, welcome to Casa do Rio.")


@pytest.mark.parametrize(
    ("agreed", "by"), [(EVERY, ["whatsapp"]), (("email", "sms"), ["sms"]), (("whatsapp",), ["whatsapp"]), ((), [])]
)
def test_consent_to_one_is_no_consent_to_the_other(hotel: Hotel, agreed: tuple[str, ...], by: list[str]) -> None:
    publish(hotel, APPROVED_PART)
    hotel.hears(guest(version=2, points=[], consents=[]))
    with hotel.database.transaction() as tx:
        tx.execute("delete from consent")
    hotel.hears(ana(hotel, 3, agreed), offer())
    hotel.runs()
    assert sent(hotel) == by


@pytest.mark.parametrize(
    ("number", "wanted"),
    [("+8613800138000", "no_sender_for_country"), ("+15295550123", "no_sender_for_country"), (NUMBER, "window_closed")],
)
def test_it_says_why_it_did_not_go(hotel: Hotel, number: str, wanted: str) -> None:
    publish(hotel, {"text": "Good day."})
    hotel.hears(ana(hotel, 2, number=number), offer(channels=["whatsapp"]))
    hotel.runs()
    assert hotel.outcomes() == [("skipped", wanted)]


@pytest.mark.parametrize(
    ("ago", "by"),
    [(None, "sms"), (timedelta(0), "whatsapp"), (A_DAY - timedelta(minutes=6), "whatsapp"), (A_DAY, "sms")],
)
def test_free_words_go_within_a_day_after_the_guest_wrote_and_else_by_the_next_channel(
    hotel: Hotel, ago: timedelta | None, by: str
) -> None:
    publish(hotel, {"text": "Good day."})
    if ago is not None:
        hotel.hears(wrote(hotel, MONDAY - ago), wrote(hotel, MONDAY - 3 * A_DAY))
    hotel.hears(offer())
    hotel.runs()
    assert sent(hotel) == [by]
    if by == "whatsapp":
        (message,) = hotel.provider.taken  # type: ignore[attr-defined]
        assert ago is not None and message.valid_for is not None
        assert timedelta(seconds=message.valid_for) <= A_DAY - ago


def test_a_stop_by_whatsapp_ends_whatsapp_and_a_refused_number_only_there(hotel: Hotel) -> None:
    publish(hotel, APPROVED_PART)
    by_whatsapp = with_version(stop(hotel.keyring, "sms", NUMBER), 1, channel=Channel.WHATSAPP)
    hotel.hears(by_whatsapp, offer())
    hotel.runs()
    assert sent(hotel) == ["sms"]
    assert hotel.all("select channel, purpose, state from consent where state = 'withdrawn' order by purpose") == [
        ("whatsapp", "feedback", "withdrawn"),
        ("whatsapp", "marketing", "withdrawn"),
    ]


def test_nobody_on_whatsapp_says_nothing_of_the_number(hotel: Hotel) -> None:
    publish(hotel, APPROVED_PART)
    hotel.provider.answer = MessageState.FAILED  # type: ignore[attr-defined]
    hotel.provider.more = {"reason": Reason.BAD_ADDRESS, "detail": "63024"}  # type: ignore[attr-defined]
    hotel.hears(offer(1, channels=["whatsapp"]))
    hotel.runs()
    assert hotel.all("select channel from refused_point") == [("whatsapp",)]
    hotel.provider.answer, hotel.provider.more = MessageState.SENT, {}  # type: ignore[attr-defined]
    hotel.hears(offer(2))
    hotel.runs()
    assert sent(hotel) == ["whatsapp", "sms"]


def test_an_answer_goes_back_by_whatsapp_while_the_window_is_open(hotel: Hotel) -> None:
    def answer(number: int, heard_at: datetime) -> ReplyAnswered:
        return ReplyAnswered(
            message_id=make_id("answer", number),
            version=1,
            guest_id=ANA,
            property="LIS",
            stay_id=None,
            channel=Channel.WHATSAPP,
            point=hotel.keyring.index("sms", NUMBER),
            language="en",
            words=Sealed(hotel.keyring.seal("We see to it.", Sealing.ANSWER)),
            subject=None,
            in_reply_to=None,
            heard_at=heard_at,
            useful_until=MONDAY + 3 * A_DAY,
            answered_at=MONDAY,
        )

    hotel.hears(answer(1, MONDAY - timedelta(minutes=5)), answer(2, MONDAY - 2 * A_DAY))
    hotel.runs()
    assert [(one.channel, one.text) for one in hotel.provider.taken] == [  # type: ignore[attr-defined]
        ("whatsapp", "We see to it.")
    ]
    assert sorted(hotel.outcomes()) == [("sent", None), ("skipped", "window_closed")]


def test_read_is_shown_and_is_no_fact_of_its_own(hotel: Hotel) -> None:
    publish(hotel, APPROVED_PART)
    hotel.hears(offer())
    hotel.runs()
    site = browser(SERVICE.build_web, Config(twilio_token=TOKEN), hotel.database, None, web=WebConfig(ORIGIN, ORIGIN))
    path = f"/messaging/twilio/status?mid={offer().message_id}"
    for status in ("read", "delivered", "read", "sent"):
        form = {"MessageSid": "SM1", "MessageStatus": status, "To": f"whatsapp:{NUMBER}"}
        signature = RequestValidator(TOKEN).compute_signature(ORIGIN + path, form)
        assert site.client.post(path, data=form, headers={"X-Twilio-Signature": signature}).status_code == 200
    state = "select channel, state, version, read_at is not null from receipt"
    assert hotel.all(state) == [("whatsapp", "delivered", 1, True)]
    assert [name for name, *_ in hotel.said() if name.startswith("message.")].count("message.delivered.v1") == 1


def test_a_refusal_of_offers_by_a_file_concerns_its_own_channel(hotel: Hotel) -> None:
    publish(hotel, APPROVED_PART)
    refused = [claim("sms"), claim("whatsapp", ClaimedConsent.REFUSED)]
    hotel.hears(guest(version=2, points=[mobile(hotel.keyring, NUMBER)], consents=refused), offer())
    hotel.runs()
    assert sent(hotel) == ["sms"]
