"""What became of a message after its provider took it: told by signed webhooks and by mail that came back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from services.messaging.api.twilio import report_of
from services.messaging.channels.sms.codes import REASONS
from services.messaging.commands.receipts import take_reports
from services.messaging.config import Config
from services.messaging.rules.receipts import RANKS, Report
from services.messaging.service import SERVICE
from shared.events.feedback import MessageReported
from shared.events.segments import GuestErased
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState
from shared.web.config import WebConfig
from tests.cast import ADDRESS, ANA, DINA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon, mobile, stay, survey
from tests.web import Browser, browser, claims, words

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


@pytest.fixture
def mailed(make_database: MakeDatabase) -> Hotel:
    """A birthday mail went to Ana."""
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.runs()
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


def report(hotel: Hotel, *said: tuple[str, Reason | None], at: datetime = MONDAY) -> None:
    for what, reason in said:
        hotel.hears(reported(birthday().message_id, what, reason), at=at)


def reported(message_id: UUID, what: str, reason: Reason | None = None) -> MessageReported:
    return MessageReported(
        report_id=make_id("report", message_id, what, reason),
        version=1,
        message_id=message_id,
        what=what,
        reason=reason and str(reason),
        code="5.1.1",
        reported_at=MONDAY,
    )


def test_a_delivered_text_is_published_once_however_often_it_is_told(hotel: Hotel) -> None:
    site = twilio(hotel)
    for status in ("sent", "delivered", "delivered", "sent", "queued"):
        assert (told(site, status).status_code, told(site, status).data) == (200, b"")
    assert receipts(hotel) == [("delivered", None)]
    (said,) = [body for name, _, body in hotel.said() if name == "message.delivered.v1"]
    assert (said["message_id"], said["guest_id"], said["channel"]) == ([str(survey().message_id)], [str(ANA)], ["sms"])


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


def test_no_such_user_is_written_to_no_more_and_the_page_says_why(mailed: Hotel) -> None:
    report(mailed, ("bounced", Reason.BAD_ADDRESS), ("bounced", Reason.BAD_ADDRESS))
    assert receipts(mailed) == [("bounced", "bad_address")]
    (said,) = [body for name, _, body in mailed.said() if name == "point.refused.v1"]
    assert (said["refused"], said["point"]) == ([True], [mailed.keyring.index("email", ADDRESS)])
    again = replace(birthday(due_at=MONDAY + 40 * A_DAY), message_id=make_id("message", "again"))
    mailed.hears(again)
    mailed.runs(MONDAY + 40 * A_DAY)
    assert mailed.outcomes()[-1] == ("skipped", "refused_point")
    page = browser(SERVICE.build_web, Config(), mailed.database, DINA).get(f"/messaging/guests/{ANA}/story")
    assert "came back: nobody is reached" in page.get_data(as_text=True)
    shown = browser(SERVICE.build_web, Config(), mailed.database, DINA).get(
        f"/messaging/messages/{birthday().message_id}"
    )
    assert "came back: nobody is reached at this address or number" in words(shown) and "code 5.1.1" in words(shown)


@pytest.mark.parametrize("reason", [Reason.POLICY, Reason.CONTENT, Reason.TEMPORARY, Reason.RETURNED])
def test_whatever_is_not_the_address_lets_it_be_written_to(mailed: Hotel, reason: Reason) -> None:
    report(mailed, ("bounced", reason))
    assert mailed.all("select * from refused_point") == mailed.all("select * from suppression") == []
    assert mailed.all("select * from counted_contact") == [], "a contact that never was does not count"


def test_a_policy_reject_stands_on_home(mailed: Hotel) -> None:
    report(mailed, ("bounced", Reason.POLICY), at=NOW)
    home = browser(SERVICE.build_web, Config(), mailed.database, DINA).get("/messaging/home").get_data(as_text=True)
    assert "1 message by e-mail came back since yesterday" in home


def test_a_full_box_counts_and_rests_after_the_third_time(mailed: Hotel) -> None:
    """A returned mail is no contact, so that the cap lets the next one through."""
    report(mailed, ("bounced", Reason.MAILBOX_FULL))
    for number in (1, 2, 3, 20):
        at = MONDAY + number * A_DAY
        one = replace(birthday(due_at=at), message_id=make_id("message", number))
        mailed.hears(one, at=at)
        mailed.runs(at)
        mailed.hears(reported(one.message_id, "bounced", Reason.MAILBOX_FULL), at=at)
    assert mailed.outcomes() == [*[("sent", None)] * 3, ("skipped", "mailbox_full_again"), ("sent", None)]
    assert mailed.all("select * from refused_point") == [], "a full box is no bad address"


def test_a_complaint_ends_offers_there_for_everybody_and_is_heard_over_a_bounce(mailed: Hotel) -> None:
    report(mailed, ("complained", None), ("bounced", Reason.RETURNED), ("complained", None))
    assert receipts(mailed) == [("complained", None)]
    assert mailed.all("select channel, purpose, source from suppression") == [("email", "marketing", "complaint")]
    changed = [body for name, _, body in mailed.said() if name == "consent.changed.v1"]
    assert [(one["purpose"], one["state"]) for one in changed][-1] == (["marketing"], ["withdrawn"])


def test_a_complaint_about_a_survey_ends_surveys_and_offers(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stay("LIS-000001"), guest(points=[email(hotel.keyring, ADDRESS)]), survey())
    hotel.runs()
    hotel.hears(reported(survey().message_id, "complained"))
    assert hotel.all("select purpose from suppression order by 1") == [("feedback",), ("marketing",)]


def test_a_mail_that_asks_for_no_more_ends_what_it_answers(mailed: Hotel) -> None:
    report(mailed, ("unsubscribed", None), ("unsubscribed", None))
    assert mailed.all("select channel, purpose, source from suppression") == [("email", "marketing", "mail")]
    assert receipts(mailed) == []


def test_of_an_erased_guest_nothing_is_kept_or_published(mailed: Hotel) -> None:
    mailed.hears(GuestErased(guest_id=ANA, version=9, occurred_at=MONDAY))
    report(mailed, ("bounced", Reason.BAD_ADDRESS), ("complained", None), ("unsubscribed", None))
    assert mailed.all("select * from receipt") == receipts(mailed) == []
    assert mailed.all("select * from refused_point") == []


def test_a_set_of_many_goes_at_once_and_the_highest_of_each_counts(mailed: Hotel) -> None:
    message_id = birthday().message_id
    said = [
        Report(message_id=message_id, state=state, channel=Channel.EMAIL, happened_at=MONDAY + number * A_DAY)
        for number, state in enumerate((ReceiptState.DELIVERED, ReceiptState.ON_ITS_WAY, ReceiptState.DELIVERED))
    ]
    with mailed.database.transaction() as tx:
        assert take_reports(tx, said, MONDAY) == 1
        assert take_reports(tx, [replace(said[0], channel=Channel.SMS)], MONDAY) == 0, "it went by e-mail"
    assert mailed.all("select state, happened_at from receipt") == [("delivered", MONDAY)]
