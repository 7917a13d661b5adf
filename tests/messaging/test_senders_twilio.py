"""Text messages through Twilio's official client, to a server on loopback held to Twilio's contract."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.messaging.channels.twilio.sender import TwilioSender, TwilioSettings
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.loopback import PATIENCE, nobody_listens, until
from tests.messaging import twilio_server
from tests.messaging.outgoing import text
from tests.messaging.twilio_server import ACCOUNT, TOKEN, Twilio, twilio

SENT, FAILED, UNKNOWN = MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN


@pytest.fixture
def server() -> Iterator[Twilio]:
    with twilio() as running:
        yield running


@pytest.fixture
def settings(server: Twilio) -> TwilioSettings:
    callback = "https://hooks.alfama.example/messaging/twilio/status"
    return TwilioSettings(ACCOUNT, TOKEN, "+15005550006", callback, address=server.address, timeout=PATIENCE)


def test_a_text_message_is_asked_for_as_the_contract_says(server: Twilio, settings: TwilioSettings) -> None:
    message = text(valid_for=7200)
    (outcome,) = TwilioSender(settings).send([message])
    assert outcome.state is SENT
    assert outcome.provider_ref == f"SM{1:032x}"
    assert server.requests == [
        {
            "To": "+351920000001",
            "From": "+15005550006",
            "Body": "Casa Alfama: How was it, from 0 to 10?",
            "StatusCallback": f"https://hooks.alfama.example/messaging/twilio/status?mid={message.message_id}",
            "ValidityPeriod": "7200",
        }
    ]


def test_a_messaging_service_sends_in_place_of_a_number(server: Twilio, settings: TwilioSettings) -> None:
    service = "MG" + "1" * 32
    (outcome,) = TwilioSender(replace(settings, sender=service, callback="")).send([text()])
    assert outcome.state is SENT
    assert server.requests[0]["MessagingServiceSid"] == service
    assert server.requests[0].keys() == {"To", "Body", "MessagingServiceSid"}


def test_chinese_arrives_as_it_was_written(server: Twilio, settings: TwilioSettings) -> None:
    TwilioSender(settings).send([text(text="【阿尔法玛】感谢您的入住 & 再见 😀")])
    assert server.requests[0]["Body"] == "【阿尔法玛】感谢您的入住 & 再见 😀"


def test_a_validity_is_kept_within_what_twilio_takes(server: Twilio, settings: TwilioSettings) -> None:
    TwilioSender(replace(settings, connections=1)).send([text(1, valid_for=0), text(2, valid_for=99_999)])
    assert [request["ValidityPeriod"] for request in server.requests] == ["1", "36000"]


@pytest.mark.parametrize(
    ("to", "state", "reason", "again"),
    [
        ("+15005550001", FAILED, Reason.BAD_ADDRESS, False),
        ("+15005550009", FAILED, Reason.BAD_ADDRESS, False),
        ("+15005550004", FAILED, Reason.OPTED_OUT, False),
        ("+15005550002", FAILED, Reason.SET_UP, False),
        ("+15005550003", FAILED, Reason.SET_UP, False),
        ("+15005550999", FAILED, Reason.CONTENT, False),
        ("+15005550008", FAILED, Reason.TEMPORARY, True),
        ("+15005550429", FAILED, Reason.TEMPORARY, True),
        ("+15005550500", UNKNOWN, Reason.CUT_OFF, False),
        ("+15005550503", UNKNOWN, Reason.CUT_OFF, False),
        (twilio_server.CUT, UNKNOWN, Reason.CUT_OFF, False),
        (twilio_server.SILENT, UNKNOWN, Reason.CUT_OFF, False),
        (twilio_server.GIBBERISH, UNKNOWN, Reason.CUT_OFF, False),
        (twilio_server.HALF, UNKNOWN, Reason.CUT_OFF, False),
    ],
)
def test_each_answer_means_sent_or_not_sent_or_nobody_knows(
    server: Twilio, settings: TwilioSettings, to: str, state: MessageState, reason: Reason, again: bool
) -> None:
    if to == twilio_server.SILENT:
        settings = replace(settings, timeout=1.0)
    (outcome,) = TwilioSender(settings).send([text(to=to)])
    assert (outcome.state, outcome.reason, outcome.again) == (state, reason, again)
    until(lambda: bool(server.requests))  # a silent one may read it later than it was given up
    assert len(server.requests) == 1  # never asked twice
    assert to not in (outcome.detail or "")


def test_a_wrong_token_is_our_set_up_and_nobody_s_number(settings: TwilioSettings) -> None:
    (outcome,) = TwilioSender(replace(settings, token="wrong")).send([text()])
    assert (outcome.state, outcome.reason, outcome.detail) == (FAILED, Reason.SET_UP, "20003")


def test_where_nobody_listens_nothing_was_handed_over(settings: TwilioSettings) -> None:
    with nobody_listens() as port:
        (outcome,) = TwilioSender(replace(settings, address=f"http://127.0.0.1:{port}")).send([text()])
    assert (outcome.state, outcome.reason, outcome.again) == (FAILED, Reason.UNREACHABLE, True)


def test_a_text_that_twilio_would_refuse_is_not_offered(server: Twilio, settings: TwilioSettings) -> None:
    (outcome,) = TwilioSender(settings).send([text(text="x" * 1601)])
    assert (outcome.state, outcome.reason) == (FAILED, Reason.CONTENT)
    assert server.requests == []


def test_a_batch_is_answered_in_its_order(server: Twilio, settings: TwilioSettings) -> None:
    batch = [text(number, to="+15005550004") if number % 7 == 0 else text(number) for number in range(40)]
    outcomes = TwilioSender(settings).send(batch)
    assert [outcome.message_id for outcome in outcomes] == [message.message_id for message in batch]
    assert [outcome.state for outcome in outcomes] == [FAILED if number % 7 == 0 else SENT for number in range(40)]
    assert len(server.requests) == 40


def test_neither_number_nor_text_nor_token_is_logged(
    settings: TwilioSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        TwilioSender(settings).send([text(), text(2, to="+15005550004")])
    assert not any(secret in caplog.text for secret in ("351920000001", "15005550004", "How was it", TOKEN))
    assert TOKEN not in repr(settings)


def test_what_is_no_longer_ours_is_not_asked_for(server: Twilio, settings: TwilioSettings) -> None:
    answers = iter([True, False])
    message = text(is_ours=lambda: next(answers))
    (sent,), (late,) = (TwilioSender(settings).send([message]) for _ in range(2))
    assert (sent.state, late.state, late.again) == (SENT, FAILED, True)
    assert len(server.requests) == 1
