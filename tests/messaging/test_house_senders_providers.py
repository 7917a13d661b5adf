"""The house's own senders at real providers on loopback: mail servers, several accounts at Twilio, tests, notices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from twilio.request_validator import RequestValidator

from services.messaging.channels import roster
from services.messaging.channels.registry import maker_of
from services.messaging.channels.sender import Sender
from services.messaging.commands.going_live import working
from services.messaging.commands.senders.trying import try_sender
from services.messaging.config import Config
from services.messaging.notices_role import NoticesRole
from services.messaging.reconcile import Reconcile
from services.messaging.rules.senders import HouseSender
from services.messaging.service import SERVICE, sending
from services.messaging.store.senders import live, rows
from services.messaging.store.sending.sent_words import SentWords
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Database
from shared.vocabulary.message import MessageState
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.reason import Reason
from shared.web.config import WebConfig
from tests.cast import ADA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, guest, lisbon, mobile, stay, survey
from tests.messaging.mail_server import inbox
from tests.messaging.outgoing import mail
from tests.messaging.staff_mail import StaffMail
from tests.messaging.test_house_senders import sender
from tests.messaging.test_many_connections import Lines
from tests.messaging.twilio_server import CUT, TOKEN, twilio
from tests.web import browser

ACCOUNT = "AC" + "0" * 32
ORIGIN = "https://loop.example.com"
PERSON = Person(ADA.person_id, ADA.name, ADA.role, frozenset())


def mail_server(port: int, **more: Any) -> HouseSender:
    settings = {"host": "localhost", "port": port, "security": "none", "user": ""}
    return sender(
        "mail", from_address="hello@other.example.com", reply_to="desk@other.example.com", settings=settings, **more
    )


def number(sms: str, account: str = ACCOUNT) -> HouseSender:
    settings = {"account": account, "sender": sms}
    return sender(f"texts {sms}", channel="sms", kind="twilio", from_address="", settings=settings)


def kept(database: Database, *senders: tuple[HouseSender, str], is_live: bool = True) -> None:
    with database.transaction() as tx:
        for row, secret in senders:
            rows.add(tx, row, tx.keyring.seal(secret, Sealing.SENDER) if secret else None)
        if is_live:
            live.begin(tx, "Ada", MONDAY)


def test_a_mail_is_from_the_sender_s_own_domain_and_comes_back_there() -> None:
    with inbox() as server:
        made = maker_of({"GUESTLOOP_OUTGOING_NETWORKS": "127.0.0.0/8,::1"})(mail_server(server.port), "")
        (outcome,) = made.send([mail()])
        made.rest()
    (taken,) = server.mails
    assert outcome.state is MessageState.SENT and str(outcome.provider_ref).endswith("@other.example.com>")
    assert taken["From"] == "Casa Alfama <hello@other.example.com>" and taken["Reply-To"] == "desk@other.example.com"
    assert server.senders == ["hello@other.example.com"]


def test_a_mail_server_in_a_private_network_is_reached_only_where_it_is_listed() -> None:
    with inbox() as server:
        for security in ("none", "tls"):
            row = mail_server(server.port)
            (outcome,) = maker_of({})(replace(row, settings={**row.settings, "security": security}), "").send([mail()])
            assert (outcome.reason, outcome.detail, outcome.again) == (
                Reason.UNREACHABLE,
                "ConnectionRefusedError",
                True,
            )
    assert server.connections == 0


@pytest.fixture
def hotel(make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> Hotel:
    monkeypatch.setattr(roster, "LOOKS_AGAIN", 0.0)
    found = Hotel(make_database("messaging"))
    found.hears(lisbon(), stay("R1"))
    return found


def test_an_unclear_text_message_is_asked_of_the_account_that_sent_it(hotel: Hotel) -> None:
    with twilio() as server:
        kept(hotel.database, (number("+15005550006"), TOKEN))
        make = maker_of({"GUESTLOOP_TWILIO_ADDRESS": server.address})
        hotel.hears(guest(points=[mobile(hotel.keyring, CUT)]), survey("R1", channels=["sms"]))
        role, reconcile, *_ = sending(
            hotel.database, hotel.config, {"email": hotel.provider, "sms": hotel.provider}, make=make
        )
        while role.step(MONDAY):
            pass
        assert hotel.outcomes()[-1][0] == "unknown"
        assert isinstance(reconcile, Reconcile)
        while reconcile.step(MONDAY + hotel.config.lease + hotel.config.provider_lag):
            pass
    assert hotel.outcomes()[-1] == ("sent", "provider_has_it")


def test_twilio_is_believed_by_the_token_of_the_account_it_names(hotel: Hotel) -> None:
    other = "AC" + "1" * 32
    kept(hotel.database, (number("+15005550006"), "first"), (number("+15005550007", other), "second"))
    site = browser(SERVICE.build_web, Config(), hotel.database, None, web=WebConfig(ORIGIN, ORIGIN))

    def told(account: str, token: str) -> int:
        form = {"MessageSid": "SM1", "AccountSid": account, "MessageStatus": "delivered"}
        path = f"/messaging/twilio/status?mid={uuid4()}"
        signature = RequestValidator(token).compute_signature(ORIGIN + path, form)
        return int(site.client.post(path, data=form, headers={"X-Twilio-Signature": signature}).status_code)

    assert [told(ACCOUNT, "first"), told(other, "second")] == [200, 200]
    assert [told(ACCOUNT, "second"), told(other, "first"), told("AC1", "first"), told("AC" + "2" * 32, "")] == [403] * 4


class Office(StaffMail):
    """`made`: the senders by name of their row."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.config = Config()
        self.made: dict[str, Lines] = {}
        self.role = NoticesRole(database, self.config, {}, self._make)

    def _make(self, row: HouseSender, _secret: str) -> Sender:
        self.made[row.name] = Lines()
        return self.made[row.name]

    def tries(self, row: HouseSender) -> None:
        words = SentWords("Casa", "It works", "It works", None)
        with self.database.transaction() as tx:
            try_sender(tx, self.config, row, words, "en", by=PERSON, at=NOW)
        (number,) = self.all("select test_id from template_test order by asked_at desc limit 1")[0]
        self.ask(NoticeKind.TEMPLATE_TEST, notice_id=number, details={"name": "Ada"})
        self.work()


def test_a_sender_that_was_set_up_a_moment_ago_can_be_tried_at_once(make_database: MakeDatabase) -> None:
    office = Office(make_database("messaging"))
    office.work()  # it has just looked who there is
    one = sender("one")
    kept(office.database, (one, ""), is_live=False)
    office.tries(one)
    assert office.all("select state, reason from notice") == [("sent", None)]


def test_a_test_goes_by_the_sender_it_tests_also_in_the_sandbox_and_shows_that_it_works(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "LOOKS_AGAIN", 0.0)
    office = Office(make_database("messaging"))
    one, two = sender("one"), sender("two", hotels=["LIS"])
    kept(office.database, (one, ""), (two, ""), is_live=False)
    office.ask()
    office.tries(two)
    assert sorted(office.states(), key=str) == [("failed", "no_sender"), ("sent", None)], "the house is in the sandbox"
    (taken,) = office.made["two"].taken
    assert (taken.subject, office.made["one"].taken) == ("[Test] It works", [])
    with office.database.transaction() as tx:
        assert working(tx) == (two,)
        live.begin(tx, "Ada", NOW)
    office.ask()
    office.work()
    assert len(office.made["one"].taken) == 1, "a notice goes by the sender of all hotels"
    assert [one["is_real"] for one in office.published("senders.changed.v1")] == [True]
