"""What became of a message after its provider took it: told by signed webhooks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from services.messaging.api.twilio import report_of
from services.messaging.channels.twilio.codes import REASONS
from services.messaging.config import Config
from services.messaging.queries.present_state import all_bounces, all_complaints, all_deliveries
from services.messaging.rules.receipts import RANKS
from services.messaging.service import SERVICE
from shared.bus.republish import republish
from shared.events.envelope import is_republished
from shared.ids import make_id
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState
from shared.web.config import WebConfig
from tests.cast import ANA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, guest, lisbon, mobile, stay, survey
from tests.web import Browser, browser, claims

TOKEN, ORIGIN, PATH = "12345-not-a-secret", "https://loop.example.com", "/messaging/twilio/status"
NUMBER = "+351920000657"
A_DAY = timedelta(days=1)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    """A survey went to Ana, by SMS."""
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stay("LIS-000001"), guest(points=[mobile(hotel.keyring, NUMBER)]), survey())
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)]
    return hotel


def twilio(hotel: Hotel) -> Browser:
    config = Config(twilio_token=TOKEN)
    return browser(SERVICE.build_web, config, hotel.database, None, web=WebConfig(ORIGIN, ORIGIN))


def told(site: Browser, status: str, *, message: UUID | str = "", token: str = TOKEN, **more: str) -> TestResponse:
    path = f"{PATH}?mid={message or survey().message_id}"
    form = {"MessageSid": "SM1", "AccountSid": "AC1", "MessageStatus": status, "Fresh": "added unannounced", **more}
    signature = RequestValidator(token).compute_signature(ORIGIN + path, form)
    return site.client.post(path, data=form, headers={"X-Twilio-Signature": signature})


def receipts(hotel: Hotel) -> list[tuple[str, str | None]]:
    return [
        (name.split(".")[1], body["reason"][0])
        for name, _, body in hotel.said()
        if name in ("message.delivered.v1", "message.bounced.v1", "message.complained.v1")
    ]


def test_a_delivered_text_is_published_once_however_often_it_is_told(hotel: Hotel) -> None:
    site = twilio(hotel)
    for status in ("sent", "delivered", "delivered", "sent", "queued"):
        assert (told(site, status).status_code, told(site, status).data) == (200, b"")
    assert receipts(hotel) == [("delivered", None)]
    (said,) = [body for name, _, body in hotel.said() if name == "message.delivered.v1"]
    assert (said["message_id"], said["guest_id"], said["channel"]) == ([str(survey().message_id)], [str(ANA)], ["sms"])


def test_what_became_of_messages_is_published_again_when_asked(hotel: Hotel) -> None:
    told(twilio(hotel), "delivered")
    (first,) = [body for name, _, body in hotel.said() if name == "message.delivered.v1"]
    assert [republish(hotel.database, one, NOW) for one in (all_deliveries, all_bounces, all_complaints)] == [1, 0, 0]
    again = [body for name, _, body in hotel.said() if name == "message.delivered.v1"]
    assert again == [first, first]
    with hotel.database.transaction() as tx:
        headers = [row[0] for row in tx.execute("select headers from outbox order by id").fetchall()]
    assert [is_republished(one) for one in headers][-2:] == [False, True]


@pytest.mark.parametrize("order", [*permutations(("sent", "undelivered", "delivered"))])
def test_in_every_order_the_telephones_word_is_the_last(hotel: Hotel, order: tuple[str, ...]) -> None:
    site = twilio(hotel)
    for status in order:
        told(site, status, **({"ErrorCode": "30003"} if status == "undelivered" else {}))
    assert hotel.all("select state, reason from receipt") == [("delivered", None)]
    assert receipts(hotel)[-1] == ("delivered", None)


@pytest.mark.parametrize("sign", [{"token": "another"}, {"message": make_id("message", "of others")}])
def test_forged_or_of_no_message_of_ours_changes_nothing(hotel: Hotel, sign: dict[str, Any]) -> None:
    assert told(twilio(hotel), "delivered", **sign).status_code == (403 if "token" in sign else 200)
    assert hotel.all("select * from receipt") == []


def test_another_message_in_a_signed_address_is_refused(hotel: Hotel) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    signature = RequestValidator(TOKEN).compute_signature(f"{ORIGIN}{PATH}?mid=other", form)
    site = twilio(hotel)
    path = f"{PATH}?mid={survey().message_id}"
    assert site.client.post(path, data=form, headers={"X-Twilio-Signature": signature}).status_code == 403
    assert claims(site.client, path, 60_000, FORM).status_code == 403, "nothing unsigned is read"
    off = browser(SERVICE.build_web, Config(), hotel.database, None, web=WebConfig(ORIGIN, ORIGIN))
    assert told(off, "delivered").status_code == 403, "without a token nothing is believed"


@pytest.mark.parametrize(
    "code, reason",
    [
        ("21610", Reason.OPTED_OUT),
        ("30005", Reason.BAD_ADDRESS),
        ("30006", Reason.BAD_ADDRESS),
        ("30007", Reason.CONTENT),
        ("30034", Reason.SET_UP),
        ("30003", Reason.TEMPORARY),
        ("30008", Reason.TEMPORARY),
        ("39999", Reason.RETURNED),
        ("", Reason.RETURNED),
        ("Ⅷ", Reason.RETURNED),
    ],
)
def test_what_a_code_means(code: str, reason: Reason) -> None:
    said = report_of(str(survey().message_id), {"MessageStatus": "undelivered", "ErrorCode": code}, NOW)
    assert said is not None and (said.state, said.reason) == (ReceiptState.BOUNCED, reason)


def test_a_stop_that_a_carrier_knows_of_is_an_objection_and_a_number_that_nobody_has_is_left_alone(
    hotel: Hotel,
) -> None:
    site, unknown = twilio(hotel), replace(survey(), message_id=make_id("message", 2), occurrence="stay:2")
    with hotel.database.transaction() as tx:
        tx.execute(
            "insert into delivery select (jsonb_populate_record(d, %s)).* from delivery as d",
            [json.dumps({"message_id": str(unknown.message_id)})],
        )
    told(site, "undelivered", ErrorCode="21610")
    assert hotel.all("select channel, purpose, source from suppression") == [("sms", "all", "provider")]
    assert hotel.all("select * from refused_point") == []
    told(site, "undelivered", message=unknown.message_id, ErrorCode="30005")
    assert hotel.all("select channel, detail from refused_point") == [("sms", "30005")]
    assert receipts(hotel) == [("bounced", "opted_out"), ("bounced", "bad_address")]


def test_each_code_has_a_class_of_its_own_and_no_address_suffers_for_ours() -> None:
    assert {*REASONS.values()} == {
        Reason.OPTED_OUT,
        Reason.BAD_ADDRESS,
        Reason.CONTENT,
        Reason.TEMPORARY,
        Reason.SET_UP,
        Reason.POLICY,  # the two of WhatsApp
        Reason.WINDOW_CLOSED,
    }
    assert all(set(states) == set(ReceiptState) for states in RANKS.values())


def test_the_price_is_kept_with_its_currency_once_it_is_told(hotel: Hotel) -> None:
    site = twilio(hotel)
    told(site, "delivered")
    for price in ("-0.00750", "-9.9", "NaN", "free"):
        told(site, "delivered", Price=price, PriceUnit="usd")
    assert hotel.all("select price, currency from receipt") == [(Decimal("0.00750"), "USD")]


def test_a_receipt_says_of_an_unclear_message_that_it_was_sent(make_database: MakeDatabase) -> None:
    """Its answer was lost; the provider speaks of it, before and after that was written down."""
    hotel = Hotel(make_database("messaging"), Provider(MessageState.UNKNOWN, reason=Reason.CUT_OFF))
    points = [mobile(hotel.keyring, NUMBER)]
    hotel.hears(lisbon(), stay("LIS-000001"), guest(points=points), survey())
    hotel.runs()
    assert hotel.outcomes() == [("unknown", "cut_off")]
    told(twilio(hotel), "sent")
    assert hotel.outcomes()[-1] == ("sent", "provider_has_it")
    assert hotel.all("select state, provider_ref from delivery") == [("sent", "SM1")]
    assert [name for name, _, _ in hotel.said()] == ["message.unknown.v1", "message.sent.v1"]


def test_a_late_receipt_keeps_back_what_would_go_a_second_time(make_database: MakeDatabase) -> None:
    """The provider did not list it, so that it is due again; now it says that it has delivered it."""
    hotel = Hotel(make_database("messaging"), Provider(MessageState.FAILED, reason=Reason.TEMPORARY, again=True))
    hotel.hears(lisbon(), stay("LIS-000001"), guest(points=[mobile(hotel.keyring, NUMBER)]), survey())
    hotel.runs()
    assert hotel.state_of(survey()) == "queued"
    told(twilio(hotel), "delivered")
    assert hotel.state_of(survey()) == "sent"
    hotel.runs(MONDAY + A_DAY)
    assert len(hotel.provider.taken) == 1  # type: ignore[attr-defined]
    assert [name for name, _, _ in hotel.said()] == ["message.sent.v1", "message.delivered.v1"]


class Telling(Provider):
    """Reports before its answer is lost, as a quick carrier does."""

    def __init__(self) -> None:
        super().__init__(MessageState.UNKNOWN, reason=Reason.CUT_OFF)
        self.tells: Callable[[UUID], object] = print

    def send(self, batch: Any) -> Any:
        for one in batch:
            self.tells(one.message_id)
        return super().send(batch)


def test_a_receipt_that_overtakes_the_senders_own_record_counts(make_database: MakeDatabase) -> None:
    provider = Telling()
    hotel = Hotel(make_database("messaging"), provider)
    site = twilio(hotel)
    provider.tells = lambda message_id: told(site, "delivered", message=message_id)
    hotel.hears(lisbon(), stay("LIS-000001"), guest(points=[mobile(hotel.keyring, NUMBER)]), survey())
    hotel.runs()
    assert hotel.state_of(survey()) == "sent"
    assert receipts(hotel) == [("delivered", None)]
