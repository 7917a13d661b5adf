"""Mails signed in the name of their domain, checked by another implementation; and keys that take turns."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import dkim
import pytest

from services.messaging.channels import roster
from services.messaging.channels.dkim import DomainKeys, read_key
from services.messaging.channels.email.dialogue import SmtpSettings
from services.messaging.channels.email.mime import MailSettings
from services.messaging.channels.email.smtp import SmtpSender
from services.messaging.channels.sandbox import SandboxSender
from services.messaging.commands.domains.keys import NewKey, add_key, make_key, sign_by
from services.messaging.config import Config
from services.messaging.sender_role import SenderRole
from services.messaging.service import sending
from services.messaging.store import domains as store
from services.messaging.store.senders import live, rows
from shared.errors import Conflict
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon
from tests.messaging.mail_server import inbox
from tests.messaging.outgoing import mail
from tests.messaging.test_house_senders import ADMINISTRATOR
from tests.messaging.test_house_senders import sender as row_of

MAIL = MailSettings("stay@alfama.example", "mail.alfama.example", reply_to="desk@alfama.example")
OTHER = "other.example"


@pytest.fixture(scope="module")
def key() -> NewKey:
    return make_key()


def signing(key: NewKey, domain: str = "alfama.example") -> DomainKeys:
    keys = DomainKeys()
    keys.renew([read_key(domain, "gl1", key.private)], [])
    return keys


def sent(key: NewKey, *, settings: MailSettings = MAIL, domain: str = "alfama.example") -> list[bytes]:
    """Ordinary mails, one in Chinese with a long subject, one written by hand, and an empty one."""
    mails = [
        mail(1),
        mail(2, from_name="Riverside 河畔", subject="您的入住体验如何，" * 9, text="尊敬的张先生：\n" * 40),
        mail(3, unsubscribe_url=None, html=None, is_by_hand=True, in_reply_to="<one@mail.example.com>"),
        mail(4, html=None, text=""),
    ]
    with inbox() as server:
        made = SmtpSender(SmtpSettings("127.0.0.1", server.port, settings, security="none"), signing(key, domain))
        made.send(mails)
        return server.raw


def is_proven(raw: bytes, key: NewKey) -> bool:
    record = f"v=DKIM1; k=rsa; p={key.public}".encode()
    return bool(dkim.verify(raw, dnsfunc=lambda *_, **__: record))


def test_every_kind_of_mail_proves_whose_it_is_and_the_way_out_is_signed(key: NewKey) -> None:
    raws = sent(key)
    assert [is_proven(raw, key) for raw in raws] == [True] * 4
    assert not is_proven(raws[0].replace(b"Subject: How", b"Subject: Who"), key)
    assert not is_proven(raws[0].replace(b"/u/token", b"/u/other"), key)
    assert not is_proven(b"From: other@alfama.example\r\n" + raws[0], key), "another «From» above ours"
    assert max(map(len, raws[1].split(b"\r\n"))) < 200
    covered = re.sub(rb"\s", b"", re.findall(rb"h=([^;]*);", raws[0])[0]).split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post"} <= set(covered) and covered.count(b"from") == 2


def test_what_a_provider_writes_anew_is_not_signed_and_other_domains_go_unsigned(key: NewKey) -> None:
    (raw, *_) = sent(key, settings=replace(MAIL, tag="X-SES-MESSAGE-TAGS: message="))
    rewritten = re.sub(rb"\r\n(Message-ID|Date): [^\r]*", rb"\r\n\1: anew", raw)
    assert rewritten != raw and is_proven(rewritten, key)
    assert not any(b"DKIM-Signature" in raw for raw in sent(key, domain=OTHER))


def test_a_new_key_waits_then_signs_and_the_one_before_is_forgotten(make_database: MakeDatabase, key: NewKey) -> None:
    database, new = make_database("messaging"), make_key()
    with database.transaction() as tx:
        first = add_key(tx, OTHER, key, by=ADMINISTRATOR, at=MONDAY)
        with pytest.raises(Conflict):
            add_key(tx, OTHER, new, by=ADMINISTRATOR, at=MONDAY + timedelta(seconds=1))
        assert store.signing_keys(tx) == {}
        sign_by(tx, OTHER, first, by=ADMINISTRATOR, at=MONDAY)
        second = add_key(tx, OTHER, new, by=ADMINISTRATOR, at=MONDAY + timedelta(days=1))
        assert list(store.signing_keys(tx)) == [(OTHER, first)]
        sign_by(tx, OTHER, second, by=ADMINISTRATOR, at=MONDAY + timedelta(days=2))
        with pytest.raises(Conflict):
            sign_by(tx, OTHER, first, by=ADMINISTRATOR, at=MONDAY + timedelta(days=3))
        assert list(store.signing_keys(tx)) == [(OTHER, second)]
        assert tx.execute("select count(*) from dkim_key where private_sealed like 'sealed:%'").fetchone() == (1,)


def test_the_senders_of_a_house_sign_by_the_key_of_their_domain(
    make_database: MakeDatabase, key: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the claim to the wire, and the next mail by the key that took over."""
    monkeypatch.setattr(roster, "LOOKS_AGAIN", 0.0)
    with inbox() as server:
        settings = SmtpSettings("127.0.0.1", server.port, MAIL, security="none")
        database = make_database("messaging")
        sandbox = dict.fromkeys(("email", "sms"), SandboxSender(database))
        hotel = Hotel(database, config=Config())
        role = sending(database, hotel.config, sandbox, make=lambda *_: SmtpSender(settings))[0]
        assert isinstance(role, SenderRole)
        hotel.sender = role
        hotel.hears(
            lisbon(), *(guest(one, points=[email(hotel.keyring, f"{one}@x.example.com")]) for one in (ANA, BEN))
        )
        with database.transaction() as tx:
            rows.add(tx, row_of(from_address="stay@alfama.example"), None)
            live.begin(tx, "Ada", MONDAY)
            sign_by(
                tx,
                "alfama.example",
                add_key(tx, "alfama.example", key, by=ADMINISTRATOR, at=MONDAY),
                by=ADMINISTRATOR,
                at=MONDAY,
            )
        hotel.hears(birthday(ANA))
        hotel.runs()
        then, new = MONDAY + timedelta(hours=1), make_key()
        with database.transaction() as tx:
            sign_by(
                tx,
                "alfama.example",
                add_key(tx, "alfama.example", new, by=ADMINISTRATOR, at=then),
                by=ADMINISTRATOR,
                at=then,
            )
        hotel.hears(birthday(BEN))
        hotel.runs()
        first, second = server.raw
        assert is_proven(first, key) and is_proven(second, new) and not is_proven(second, key)
