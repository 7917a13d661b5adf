"""Mails and text messages to colleagues: sent once, past the gate, in a lane of their own, their words kept nowhere."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog

from services.messaging.channels.registry import providers_of_notices
from services.messaging.channels.sender import Outcome, Outgoing
from services.messaging.notices.kinds import KINDS, LINK_PURPOSE
from services.messaging.notices.render import LANGUAGES, unsound_details, wording
from services.messaging.service import SERVICE, sandboxed
from shared.bus.mailbox.consumer import MailboxConsumer
from shared.bus.mailbox.publisher import MailboxPublisher
from shared.bus.publisher import OutboxRow
from shared.clock import VirtualClock
from shared.crypto.purposes import Signing
from shared.crypto.signing import LinkSigner
from shared.errors import MalformedEvent
from shared.events.dictionary import chunk_of
from shared.events.wire import encode
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeKind
from tests.cast import ANA, NOW
from tests.conftest import MakeDatabase
from tests.loopback import PATIENCE
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon
from tests.messaging.mail_server import inbox, otherwise, scripted
from tests.messaging.staff_mail import DETAILS, MARTA, ORIGIN, StaffMail, smtp

A_MINUTE = timedelta(minutes=1)
TOKEN_IN_A_LINK = re.compile(rf"{ORIGIN}/sign-in/link/([\w.-]+)")


def test_a_link_for_a_new_password_arrives_once_in_text_and_html(make_database: MakeDatabase) -> None:
    with inbox() as server:
        desk = StaffMail(make_database("messaging"), email=smtp(server.port))
        asked = desk.asked()
        for _ in range(3):  # as often as it is heard
            desk.hear_at(NOW, chunk_of([asked]))
            desk.work()
        (mail,) = server.mails
    assert server.recipients == [[MARTA]]
    assert mail["Subject"] == "Your new Guestloop password"
    assert "List-Unsubscribe" not in mail
    plain, page = (part.get_content() for part in mail.iter_parts())
    assert "Hello Marta Marques," in plain and "works once, and for 30 minutes" in plain
    tokens = {found for text in (plain, page) for found in TOKEN_IN_A_LINK.findall(text)}
    (token,) = tokens
    assert LinkSigner.of(desk.database.keyring, Signing.ACCOUNT_LINKS).read(LINK_PURPOSE, token) == asked.link
    assert desk.outcomes() == [("sent", None)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_its_words_in_both_languages_by_mail_and_by_text_message(
    make_database: MakeDatabase, kind: NoticeKind, language: str
) -> None:
    taken = Provider()
    desk = StaffMail(make_database("messaging"), email=taken, sms=taken)
    for channel, to in ((Channel.EMAIL, MARTA), (Channel.SMS, "+351920000001")):
        desk.ask(kind, channel=channel, to=to, language=language)
    desk.work()
    mail, text = sorted(taken.taken, key=lambda message: message.channel)
    assert wording(kind, language)[0] == mail.language == language
    assert mail.subject and mail.html and "Marta Marques" in mail.text
    assert text.subject == "" and text.html is None and "\n" not in text.text
    assert mail.text.count(ORIGIN) == 2 and text.text.count(ORIGIN) == 1  # the link, and whose installation it is
    assert ("/sign-in/link/" in text.text) is KINDS[kind].is_secret
    chinese = re.search("[一-鿿]", mail.text + text.text)
    assert bool(chinese) is (language == "zh-Hans")


def test_the_kinds_are_those_of_the_vocabulary_and_name_what_their_words_need() -> None:
    assert set(KINDS) == set(NoticeKind) == set(DETAILS)
    for kind in NoticeKind:
        assert unsound_details(kind, {"name": "Marta", **DETAILS[kind]}) is None
        assert unsound_details(kind, {**DETAILS[kind]}) == f"a {kind} needs name"
    assert (
        unsound_details(NoticeKind.PASSWORD_CHANGED, {"name": "M", "guest": "Ana"})
        == "a password_changed knows no guest"
    )


def test_a_notice_that_nothing_can_be_written_of_is_set_aside_and_its_neighbours_go(
    make_database: MakeDatabase,
) -> None:
    desk = StaffMail(make_database("messaging"), email=Provider())
    with pytest.raises(MalformedEvent) as error:
        desk.hear_at(NOW, chunk_of([desk.asked(), desk.asked(details={})]))
    assert set(error.value.subjects) == {1} and desk.states() == []


def test_nothing_of_a_secret_link_rests_anywhere(make_database: MakeDatabase) -> None:
    """Neither the link nor the words around it, before, while and after it is sent; in the log neither."""
    with inbox() as server, structlog.testing.capture_logs() as log:
        desk = StaffMail(make_database("messaging"), email=smtp(server.port))
        asked = desk.asked()
        desk.hear_at(NOW, chunk_of([asked]))
        before = _rows(desk)
        desk.work()
        after = _rows(desk)
        body = str(server.mails[0].get_body().get_content())  # type: ignore[union-attr]
    (token,) = TOKEN_IN_A_LINK.findall(body)
    for rest in (*before.values(), *after.values(), encode(chunk_of([asked])).decode(), str(log)):
        assert token not in rest and token.partition(".")[2] not in rest and "new password" not in rest
        assert MARTA not in rest
    assert not [name for name in ("sandbox_message", "sent_text") if after[name] != "[]"]
    assert str(asked.link) in before["notice"] and str(asked.link) not in after["notice"]
    assert desk.all("select address_sealed, link_id, details_sealed from notice") == [(None, None, None)]


def test_with_no_real_sender_nothing_is_written_and_nothing_kept(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    desk = StaffMail(database)
    desk.role = sandboxed(database, desk.config, VirtualClock(NOW))[2]  # type: ignore[assignment]
    desk.ask()
    desk.work()
    assert desk.states() == desk.outcomes() == [("failed", "no_sender")]
    assert desk.all("select from sandbox_message") == desk.all("select from sent_text") == []


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, ("failed", "bad_address")),
        ({".": "554 5.7.1 no"}, ("failed", "refused")),
        ({".": None}, ("unknown", "cut_off")),
    ],
)
def test_a_definite_answer_is_final_and_an_unclear_one_is_never_repeated(
    make_database: MakeDatabase, answer: dict[str, str | None], state: tuple[str, str]
) -> None:
    with scripted(otherwise(answer)) as server:
        desk = StaffMail(make_database("messaging"), email=smtp(server.port))
        desk.ask()
        desk.work()
        desk.work(NOW + timedelta(hours=1))
        assert desk.states() == desk.outcomes() == [state]
        assert server.heard.count("RCPT") == 1
    assert desk.all("select from notice where address_sealed is not null") == []


@pytest.mark.parametrize("messages", [10_000, pytest.param(100_000, marks=pytest.mark.proof)])
def test_a_new_password_does_not_wait_behind_a_campaign(make_database: MakeDatabase, messages: int) -> None:
    """Not in the mailbox, not in the table, not at the provider: the campaign's sender hangs in the midst of it."""
    hangs, goes_on = threading.Event(), threading.Event()

    class Hanging(Provider):
        def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
            hangs.set()
            goes_on.wait(PATIENCE)
            return super().send(batch)

    database = make_database("messaging")
    hotel = Hotel(database, Hanging())
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]), birthday())
    _campaign(hotel, messages)
    campaign = threading.Thread(target=hotel.sender.step, args=[MONDAY])
    campaign.start()
    try:
        assert hangs.wait(PATIENCE), hotel.all("select state, reason, count(*) from delivery group by 1, 2")
        taken = Provider()
        desk = StaffMail(database, email=taken)
        asked = desk.asked(at=MONDAY)
        _post(hotel, encode(chunk_of([asked])))
        MailboxConsumer(database, SERVICE.subscriptions).step(MONDAY)
        assert desk.role.step(MONDAY) == 1
        assert [message.message_id for message in taken.taken] == [asked.notice_id]
    finally:
        goes_on.set()
        campaign.join()


def _campaign(hotel: Hotel, messages: int) -> None:
    """As many due messages, a guest each, copies of the one that was asked for; a thousand more are in the mailbox."""
    with hotel.database.transaction() as tx:
        for table, changed in (("recipient", {"guest_id"}), ("delivery", {"guest_id", "message_id"})):
            columns = [
                name
                for (name,) in tx.execute(
                    "select column_name from information_schema.columns where table_name = %s", (table,)
                )
            ]
            copied = ", ".join(f"md5('{table}' || n)::uuid" if name in changed else f'"{name}"' for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            copied = copied.replace("'delivery'", "'recipient'")  # the same guests
            tx.execute(f"insert into {table} ({names}) select {copied} from {table}, generate_series(1, {messages}) n")
        tx.execute("update delivery set priority = 99 where guest_id = %s", [ANA])
        tx.execute(
            """
            insert into mailbox (queue, concern, message_id, type, lane, headers, body, available_at)
            select 'messaging.requests.marketing', 'requests', gen_random_uuid(), 'message.requested.v1', 'marketing',
                   '{}', '{}', %s
            from generate_series(1, 1000)
            """,
            [MONDAY - A_MINUTE],
        )


def _rows(desk: StaffMail) -> dict[str, str]:
    """All that is in the database, by table."""
    tables = desk.all("select table_name from information_schema.tables where table_schema = 'public'")
    return {name: str(desk.all(f'select each::text from "{name}" as each')) for (name,) in tables}


def _post(hotel: Hotel, body: bytes) -> None:
    """By the mailboxes, as a relay puts it there."""
    publisher = MailboxPublisher({"messaging": hotel.database}, {"messaging": SERVICE.subscriptions})
    asked = OutboxRow(1, uuid4(), "notice.requested.v1", "stay", {}, body, MONDAY)
    assert publisher.publish([asked]).confirmed == [1]
    publisher.close()


def test_what_is_published_again_is_not_sent_again(make_database: MakeDatabase) -> None:
    desk = StaffMail(make_database("messaging"), email=Provider())
    desk.hear_at(NOW, replace(chunk_of([desk.asked()]), republished=True))
    assert desk.states() == []


def test_a_strangers_words_in_a_notice_are_one_line_short_and_no_link(make_database: MakeDatabase) -> None:
    taken = Provider()
    desk = StaffMail(make_database("messaging"), email=taken)
    device = "Chrome\r\nBcc: all@example.com <script> http://evil.example.com/" + "x" * 200
    desk.ask(NoticeKind.NEW_DEVICE, details={"name": "Marta", "device": device})
    desk.work()
    (mail,) = taken.taken
    assert "http://evil" not in mail.text and "<script>" not in (mail.html or "") and "x" * 81 not in mail.text
    assert "Bcc: all＠example.com" in mail.text


def test_it_is_published_once_whether_notices_really_leave(make_database: MakeDatabase) -> None:
    desk = StaffMail(make_database("messaging"))
    desk.work()
    assert desk.outbox() == []  # an installation that never sent anything has nothing to say
    for providers in ({"email": Provider()}, {"email": Provider()}, {}):
        desk.role = desk.another_role(**providers)
        desk.work()
    said = desk.published("senders.changed.v1")
    assert [(each["channel"], each["version"], each["is_real"]) for each in said] == [
        ("email", 1, True),
        ("email", 2, False),
    ]


def test_notices_have_providers_of_their_own_that_keep_no_words() -> None:
    given = {
        "GUESTLOOP_EMAIL": "smtp",
        "GUESTLOOP_SMTP_HOST": "mail.example.com",
        "GUESTLOOP_MAIL_FROM": "a@example.com",
    }
    found = providers_of_notices(given)
    assert {channel: one.name for channel, one in found.items()} == {"email": "smtp"}
    assert type(found["email"]).__name__ == "SmtpSender"
    assert providers_of_notices({}) == {}
