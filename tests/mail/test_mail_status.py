"""What a mail server's status says is read once, and comes out the same whoever is told of it."""

from __future__ import annotations

import hmac
from typing import Any

import pytest
from werkzeug.datastructures import Authorization

from services.feedback.mail.read import read_mail
from services.messaging.api.receipts import mailgun, postmark
from services.messaging.channels.email.dialogue import SmtpSettings
from services.messaging.channels.email.mime import MailSettings
from services.messaging.channels.email.smtp import SmtpSender
from services.messaging.config import Config
from shared.ids import make_id
from shared.vocabulary.mail_status import code_in, plain_code_in, reason_of
from shared.vocabulary.reason import Reason
from tests.mail.mails import dsn
from tests.messaging.mail_server import otherwise, scripted
from tests.messaging.outgoing import AT, mail

CONFIG = Config(mailgun_key="a key", postmark_secret="a secret")
ID = str(make_id("message", 1))

ANSWERS = [
    ("550 5.1.1 no such user", Reason.BAD_ADDRESS),
    ("550 5.1.10 not found", Reason.BAD_ADDRESS),
    ("550 5.1.6 moved", Reason.BAD_ADDRESS),
    ("550 5.2.1 disabled", Reason.BAD_ADDRESS),
    ("550 5.0.0 no such user here", Reason.BAD_ADDRESS),
    ("550 no such user here", Reason.BAD_ADDRESS),
    ("550 5.1.1 blocked by our spam filter", Reason.POLICY),
    ("550 5.7.1 no", Reason.POLICY),
    ("550 5.7.515 access denied", Reason.POLICY),
    ("554 your IP is on our block list", Reason.POLICY),
    ("552 5.2.2 no", Reason.MAILBOX_FULL),
    ("554 quota exceeded", Reason.MAILBOX_FULL),
    ("550 5.1.8 no", Reason.SET_UP),
    ("535 5.7.8 sign in", Reason.SET_UP),
    ("552 5.3.4 too big", Reason.CONTENT),
    ("554 5.6.0 no", Reason.CONTENT),
    ("554 4.4.7 tried for five days", Reason.TEMPORARY),
]


@pytest.mark.parametrize("answer, reason", ANSWERS)
def test_whoever_is_told_of_it_reads_the_same(answer: str, reason: Reason) -> None:
    assert {way: reads(answer) for way, reads in READERS.items()} == dict.fromkeys(READERS, reason)


@pytest.mark.parametrize("answer", ["550 no", "550 5.0.0 no", "550 5.4.4 no", "550 5.5.0 mailbox unavailable"])
def test_what_says_nothing_is_no_bad_address(answer: str) -> None:
    assert reason_of(code_in(answer) or plain_code_in(answer), answer) is None
    assert {READERS[way](answer) for way in READERS} == {Reason.RETURNED, Reason.CONTENT}


def test_a_number_in_dots_is_no_code() -> None:
    assert code_in("host 192.5.1.1 said", None, 4, "x 5.1.1") == "5.1.1"
    assert code_in("15.1.1", "5.1.1.9", "2.1.5") is None


def _sent(answer: str) -> Reason | None:
    with scripted(otherwise({"RCPT": answer})) as server:
        settings = SmtpSettings(
            "127.0.0.1", server.port, MailSettings("a@example.com", "mail.example.com"), security="none"
        )
        (outcome,) = SmtpSender(settings).send([mail()])
    return outcome.reason


def _returned(answer: str) -> Reason | None:
    return read_mail(dsn(code_in(answer) or "5.0.0", answer)).reason


def _by_mailgun(answer: str) -> Reason | None:
    stamp = str(int(AT.timestamp()))
    signed = hmac.digest(CONFIG.mailgun_key.encode(), f"{stamp}t".encode(), "sha256").hex()
    event: dict[str, Any] = {
        "event": "failed",
        "message": {"headers": {"message-id": f"{ID}@example.com"}},
        "delivery-status": {"code": int(answer[:3]), "message": answer},
    }
    body = {"signature": {"timestamp": stamp, "token": "t", "signature": signed}, "event-data": event}
    return mailgun.told(body, CONFIG, AT)[0].reason


def _by_postmark(answer: str) -> Reason | None:
    proof = Authorization("basic", {"username": "x", "password": CONFIG.postmark_secret})
    body = {"RecordType": "Bounce", "Type": "Unknown", "Metadata": {"message": ID}, "Details": answer}
    return postmark.told(body, proof, CONFIG, AT)[0].reason


READERS = {"sender": _sent, "returned": _returned, "mailgun": _by_mailgun, "postmark": _by_postmark}
