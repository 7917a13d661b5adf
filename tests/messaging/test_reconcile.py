"""Messages whose outcome is unclear, and a provider that can be asked what it took."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.twilio.sender import TwilioSender, TwilioSettings
from services.messaging.commands.receipts import take_reports
from services.messaging.reconcile import Reconcile
from services.messaging.rules.receipts import Report
from shared.vocabulary.channel import Channel
from shared.vocabulary.receipt import ReceiptState
from tests.conftest import MakeDatabase
from tests.loopback import PATIENCE
from tests.messaging.hotel import MONDAY, Hotel, email, guest, lisbon, mobile, stay, survey, win_back, withdrawn
from tests.messaging.twilio_server import ACCOUNT, CUT, TOKEN, Twilio, twilio

A_MINUTE = timedelta(minutes=1)
HORIZON = timedelta(minutes=15)
OURS = "+15005550006"


@pytest.fixture
def server() -> Iterator[Twilio]:
    with twilio() as running:
        running.at = MONDAY
        yield running


@pytest.fixture
def hotel(server: Twilio, make_database: MakeDatabase) -> Hotel:
    """A guest whose number Twilio takes messages for and hangs up on."""
    database = make_database("messaging")
    sender = TwilioSender(TwilioSettings(ACCOUNT, TOKEN, OURS, address=server.address, timeout=PATIENCE))
    hotel = Hotel(database, KeepingSender(database, sender))
    hotel.hears(lisbon(), guest(points=[mobile(hotel.keyring, CUT)]), stay("LIS-000001"))
    return hotel


def reconciles(hotel: Hotel, at: Any) -> int:
    role = hotel.service.clocks[1]
    assert isinstance(role, Reconcile)
    return role.step(at)


def test_a_message_that_the_provider_lists_was_sent(hotel: Hotel, server: Twilio) -> None:
    hotel.hears(survey())
    hotel.runs()
    assert hotel.outcomes() == [("unknown", "cut_off")]
    assert reconciles(hotel, MONDAY + A_MINUTE) == 1
    assert hotel.outcomes()[-1] == ("sent", "provider_has_it")
    assert hotel.one("select provider_ref from delivery") == server.listed[0]["sid"]
    assert [name for name, _, _ in hotel.said()] == ["message.unknown.v1", "message.sent.v1"]
    hotel.runs(MONDAY + HORIZON)
    assert reconciles(hotel, MONDAY + HORIZON) == 0
    assert len(server.listed) == 1


def test_what_the_provider_never_had_goes_again_once_that_is_certain(hotel: Hotel, server: Twilio) -> None:
    server.is_down = True
    hotel.hears(survey())
    hotel.runs()
    server.is_down = False
    reconciles(hotel, MONDAY + A_MINUTE)
    hotel.runs(MONDAY + HORIZON - A_MINUTE)
    assert hotel.outcomes() == [("unknown", "cut_off")]  # it may not list yet what it took
    server.at = MONDAY + HORIZON
    reconciles(hotel, MONDAY + HORIZON)
    hotel.runs(MONDAY + HORIZON)
    assert hotel.outcomes()[1:] == [("unknown", "cut_off")]
    reconciles(hotel, MONDAY + HORIZON + A_MINUTE)
    assert hotel.outcomes()[-1] == ("sent", "provider_has_it")
    assert len(server.listed) == 1


def test_an_offer_that_the_provider_never_had_failed_and_counts_no_longer(hotel: Hotel, server: Twilio) -> None:
    hotel.hears(stay("LIS-000001", version=2), win_back(channels=["sms"], wants=[]))
    with hotel.database.transaction() as tx:
        tx.execute("update sender_country set allowed = true")
    server.is_down = True
    hotel.runs()
    server.is_down = False
    assert hotel.contacts() == 1
    reconciles(hotel, MONDAY + HORIZON)
    assert hotel.outcomes() == [("unknown", "cut_off"), ("failed", "provider_never_had_it")]
    assert hotel.contacts() == 0


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"body": ""},  # the account keeps no texts
        {"date_created": "Mon, 06 Jun 2016 09:58:00 +0000"},  # their clock is behind ours
    ],
)
def test_something_else_in_the_list_may_be_it_and_leaves_it_unclear(
    hotel: Hotel, server: Twilio, more: dict[str, Any]
) -> None:
    server.is_down = True
    hotel.hears(survey())
    hotel.runs()
    server.is_down = False
    server.take({"To": CUT, "From": OURS, "Body": "Casa do Rio: how was it (curly quotes made straight)?"}, **more)
    for wait in (A_MINUTE, HORIZON, timedelta(days=2)):
        reconciles(hotel, MONDAY + wait)
    assert hotel.outcomes() == [("unknown", "cut_off")]


@pytest.mark.parametrize(
    "more",
    [
        {"direction": "outbound-reply"},  # our thanks for an answer
        {"from": "+15005550099"},  # another program on the account
        {"date_created": "Mon, 06 Jun 2016 09:30:00 +0000"},
    ],
)
def test_what_cannot_be_it_is_passed_over(hotel: Hotel, server: Twilio, more: dict[str, Any]) -> None:
    server.is_down = True
    hotel.hears(survey())
    hotel.runs()
    server.is_down = False
    server.take({"To": CUT, "From": OURS, "Body": "Thank you."}, **more)
    reconciles(hotel, MONDAY + HORIZON)
    assert hotel.one("select state from delivery") == "queued"


def test_a_provider_that_does_not_answer_is_asked_again_ever_less_often(hotel: Hotel, server: Twilio) -> None:
    hotel.hears(survey())
    hotel.runs()
    server.is_down = True
    asked = [at for at in range(1, 121) if reconciles(hotel, MONDAY + at * A_MINUTE)]
    assert asked == [1, 2, 4, 8, 16, 32, 64]
    assert hotel.outcomes() == [("unknown", "cut_off")]


def test_one_listed_message_settles_one_of_two_that_read_the_same(hotel: Hotel) -> None:
    hotel.hears(survey())
    hotel.runs()
    copy = "create temporary table twin as select * from delivery; update twin set message_id = gen_random_uuid();"
    with hotel.database.transaction() as tx:
        tx.execute(copy + "insert into delivery select * from twin")
        tx.execute(
            """
            insert into sent_text (message_id, sheet, sent_at, text_boxed)
            select twin.message_id, sheet, sent_at, text_boxed from sent_text, twin
            """
        )
    reconciles(hotel, MONDAY + HORIZON)
    assert hotel.outcomes().count(("sent", "provider_has_it")) == 1
    assert hotel.one("select count(*) from delivery where state = 'unknown'") == 1


def test_what_was_taken_back_meanwhile_does_not_go_again(hotel: Hotel, server: Twilio) -> None:
    server.is_down = True
    message = survey()
    hotel.hears(message)
    hotel.runs()
    hotel.hears(withdrawn(message))
    server.is_down = False
    reconciles(hotel, MONDAY + HORIZON)
    hotel.runs(MONDAY + HORIZON)
    assert hotel.state_of(message) == "withdrawn"
    assert server.listed == []


def test_nobody_is_asked_about_an_e_mail(hotel: Hotel) -> None:
    hotel.hears(guest(version=2, points=[email(hotel.keyring, "ana@example.com")]), survey())
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set state = 'unknown', channel = 'email'")
    assert reconciles(hotel, MONDAY + HORIZON) == 0
    assert hotel.service.clocks[1].next_due() is None


def test_the_price_is_asked_for_until_it_is_known_and_not_for_ever(hotel: Hotel, server: Twilio) -> None:
    delivered = Report(message_id=survey().message_id, state=ReceiptState.DELIVERED, channel=Channel.SMS, ref="SM1",
                       happened_at=MONDAY)  # fmt: skip
    hotel.hears(survey())
    hotel.runs()
    with hotel.database.transaction() as tx:
        take_reports(tx, [delivered], MONDAY)
    assert reconciles(hotel, MONDAY + A_MINUTE) == 0, "not known so soon"
    assert reconciles(hotel, MONDAY + 11 * A_MINUTE) == 1
    assert hotel.all("select price, currency from receipt") == [(None, None)]
    assert reconciles(hotel, MONDAY + 12 * A_MINUTE) == 0
    server.prices["SM1"] = {"price": "-0.00790", "price_unit": "USD"}
    assert reconciles(hotel, MONDAY + 60 * A_MINUTE) == 1
    assert hotel.all("select price, currency, price_due from receipt") == [(Decimal("0.00790"), "USD", None)]
    with hotel.database.transaction() as tx:
        tx.execute("update receipt set price = null, price_due = %s", [MONDAY])
    server.prices.clear()
    assert reconciles(hotel, MONDAY + timedelta(days=4)) == 1
    assert hotel.one("select price_due from receipt") is None
