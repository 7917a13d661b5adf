"""A real Postfix makes the bounces, a real Dovecot keeps the mailbox: from a sent message to what is known of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest

from services.feedback.config import ListenSettings, MailboxSettings
from services.feedback.mail_role.door import MailDoor
from services.feedback.mail_role.listener import Listener
from services.feedback.mail_role.mailbox import EVERY, Mailbox
from services.messaging.channels.email.dialogue import SmtpSettings
from services.messaging.channels.email.mime import MailSettings
from services.messaging.channels.email.smtp import SmtpSender
from shared.clock import VirtualClock
from shared.crypto.mail_addresses import BackAddress
from shared.ids import make_id
from tests.cast import ADDRESS, ANA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback
from tests.feedback.test_mail import address
from tests.mail.mails import TO, dsn, reply
from tests.mail.servers import ARE_THERE, WHY_NOT, dovecot, postfix, sinks
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon

pytestmark = [pytest.mark.proof, pytest.mark.skipif(not ARE_THERE, reason=WHY_NOT)]

BACK = BackAddress("back", "reply.example.com")
REFUSALS = {
    "gone.example.com": ("-f", "RCPT", "-B", "550 5.1.1 No such user here"),
    "full.example.com": ("-f", "RCPT", "-B", "552 5.2.2 Mailbox full"),
    "policy.example.com": ("-f", ".", "-B", "550 5.7.1 We do not take mail like yours"),
    "slow.example.com": ("-r", "RCPT"),
    "plain.example.com": ("-f", "RCPT"),
    "fine.example.com": (),
}
KNOWN = {
    "gone.example.com": "bad_address",
    "full.example.com": "mailbox_full",
    "policy.example.com": "policy_refused",
    "slow.example.com": "temporary",
    "plain.example.com": "returned",
}


@contextmanager
def open_folder() -> Iterator[Path]:
    """One that servers of other users can walk into."""
    with TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


def test_what_a_real_server_returns_is_known_of_each_message(make_database: MakeDatabase) -> None:
    feedback, taken = Feedback(make_database("feedback")), 0
    listener = Listener(MailDoor(feedback.database, BACK, VirtualClock(AT)), ListenSettings("127.0.0.1", 0))
    listener.open()
    with open_folder() as folder, sinks(REFUSALS) as ports:
        transports = {domain: f"smtp:[127.0.0.1]:{port}" for domain, port in ports.items()}
        transports[BACK.domain] = f"lmtp:inet:127.0.0.1:{listener.port}"
        with postfix(folder, transports) as port:
            mail = MailSettings("hello@alfama.example", "alfama.example", back=BACK)
            sender = SmtpSender(SmtpSettings("127.0.0.1", port, mail, security="none"))
            hotel = Hotel(make_database("messaging"), sender)
            sent = send_to_each(hotel, [*REFUSALS])
            until = time.monotonic() + 40
            while taken < len(KNOWN) and time.monotonic() < until:
                time.sleep(0.2)
                taken = feedback.one("select count(*) from inbound_mail")
    listener.close()
    assert taken == len(KNOWN), "one returned mail of each"
    for name, _, chunk in feedback.outbox():
        assert name == "message.reported.v1"
        hotel.hear_at(MONDAY, chunk)
    found = dict(hotel.all("select message_id, reason from receipt where state = 'bounced'"))
    assert {domain: found.get(message_id) for domain, message_id in sent.items()} == {**KNOWN, "fine.example.com": None}
    refused = hotel.all("select point from refused_point")
    assert refused == [(hotel.keyring.index("email", "guest@gone.example.com"),)], "only a bad address is one"


def send_to_each(hotel: Hotel, domains: list[str]) -> dict[str, UUID]:
    hotel.hears(lisbon())
    sent = {}
    for domain in domains:
        guest_id = make_id("guest", domain)
        message = birthday(guest_id)
        hotel.hears(guest(guest_id, points=[email(hotel.keyring, f"guest@{domain}")]), message)
        sent[domain] = message.message_id
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)] * len(domains)
    return sent


def test_a_real_mailbox_is_emptied_of_what_is_ours(make_database: MakeDatabase) -> None:
    feedback = Feedback(make_database("feedback"))
    feedback.knows(ANA, address=ADDRESS)
    feedback.sent("survey", channel="email")
    mine = reply("9, but noisy").replace(TO.encode(), address(feedback).encode())
    returned = dsn("5.1.1", "550 5.1.1 x").replace(TO.encode(), address(feedback, "returned").encode())
    foreign = reply("for the front desk")
    with open_folder() as folder, dovecot(folder) as there:
        settings = MailboxSettings("127.0.0.1", there.port, "back", "secret", "none")
        reader = Mailbox(feedback.database, MailDoor(feedback.database, BACK, VirtualClock(AT)), settings)
        for raw in (foreign, mine, returned, mine):
            there.bring(raw)
        assert reader.read(AT) == 2
        assert [one.replace(b"\r\n", b"\n") for one in there.mails()] == [foreign.replace(b"\r\n", b"\n")]
        there.bring(mine)
        again = Mailbox(feedback.database, MailDoor(feedback.database, BACK, VirtualClock(AT)), replace(settings))
        assert again.read(AT + EVERY) == 0, "it is known"
        assert len(there.mails()) == 1
        reader.close()
        again.close()
    assert len(feedback.published("survey.answered.v1")) == 1
    assert [one["reason"] for one in feedback.published("message.reported.v1")] == ["bad_address"]
