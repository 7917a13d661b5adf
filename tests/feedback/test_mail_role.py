"""Mail comes in from a mail server and from a mailbox: answered for once it is kept, and never before."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest

from services.feedback.commands.receive_mail import Taken
from services.feedback.config import Config, ListenSettings, MailboxSettings
from services.feedback.mail.read import LONGEST
from services.feedback.mail_role import MailRole
from services.feedback.mail_role.door import MailDoor
from services.feedback.mail_role.listener import NOBODY, Listener
from services.feedback.mail_role.mailbox import EVERY, Mailbox
from shared.clock import VirtualClock
from shared.errors import SettingError
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback
from tests.feedback.mailbox_server import MailboxServer, mailbox_server
from tests.feedback.test_mail import BACK, address
from tests.mail.mails import TO, dsn, reply


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.knows(ANA)
    feedback.sent("survey", channel="email")
    return feedback


def door(feedback: Feedback) -> MailDoor:
    return MailDoor(feedback.database, BACK, VirtualClock(AT))


# from a mail server


@contextmanager
def listening(feedback: Feedback, protocol: str = "lmtp") -> Iterator[Listener]:
    with_port = Listener(door(feedback), ListenSettings("127.0.0.1", 0, protocol))
    with_port.open()
    try:
        yield with_port
    finally:
        with_port.close()


def server(listener: Listener, protocol: str = "lmtp") -> smtplib.SMTP:
    kind = smtplib.LMTP if protocol == "lmtp" else smtplib.SMTP
    return kind("127.0.0.1", listener.port)


@pytest.mark.parametrize("protocol", ["lmtp", "smtp"])
def test_a_mail_server_hands_over_each_mail_and_is_told_what_became_of_it(feedback: Feedback, protocol: str) -> None:
    mine, back = address(feedback), address(feedback, "returned")
    with listening(feedback, protocol) as listener, server(listener, protocol) as sent:
        assert sent.sendmail("ana@example.com", [mine], reply("9")) == {}
        assert sent.sendmail("ana@example.com", [mine.upper()], reply("9")) == {}, "the same again"
        assert sent.sendmail("<>", [back], dsn("5.1.1", "550 5.1.1 User unknown")) == {}
        for foreign in (mine.replace("+r", "+b"), "hello@reply.example.com", "x@elsewhere.example.com"):
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                sent.sendmail("ana@example.com", [foreign], reply("STOP"))
            assert [f"{code} {text.decode()}" for code, text in refused.value.recipients.values()] == [NOBODY]
        with pytest.raises(smtplib.SMTPDataError) as refused_late:
            sent.sendmail("ana@example.com", [BACK.bare], reply("STOP"))
        assert refused_late.value.smtp_code == 550, "to the bare address come reports alone"
    assert feedback.all("select way, kind from inbound_mail order by kind") == [("smtp", "bounce"), ("smtp", "reply")]
    assert len(feedback.published("survey.answered.v1")) == 1


def test_one_recipient_a_mail_so_that_each_gets_an_answer(feedback: Feedback) -> None:
    feedback.sent("second", channel="email")
    both = [address(feedback), address(feedback, message="second")]
    with listening(feedback) as listener, server(listener) as sent:
        assert {code for code, _ in sent.sendmail("ana@example.com", both, reply("9")).values()} == {452}
    assert feedback.one("select count(*) from inbound_mail") == 1


def test_what_is_too_long_is_refused_by_its_size(feedback: Feedback) -> None:
    with listening(feedback) as listener, server(listener) as sent:
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            sent.sendmail("ana@example.com", [address(feedback)], b"Subject: x\r\n\r\n" + b"x" * LONGEST)
        assert refused.value.smtp_code == 552
    assert feedback.all("select * from inbound_mail") == []


class Broken(MailDoor):
    """Commits nothing, or commits and dies before it can say so."""

    fault, kept = "before", False

    def take(self, raw: bytes, recipients: object, way: str) -> Taken:
        if self.fault == "after":
            super().take(raw, recipients, way)  # type: ignore[arg-type]
        if self.fault:
            raise psycopg.OperationalError("the connection is lost")
        return super().take(raw, recipients, way)  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", ["before", "after"])
def test_where_the_database_is_lost_the_server_keeps_it_and_it_counts_once(feedback: Feedback, fault: str) -> None:
    broken = Broken(feedback.database, BACK, VirtualClock(AT))
    broken.fault = fault
    listener = Listener(broken, ListenSettings("127.0.0.1", 0))
    listener.open()
    try:
        with server(listener) as sent:
            with pytest.raises(smtplib.SMTPDataError) as later:
                sent.sendmail("ana@example.com", [address(feedback)], reply("9"))
            assert later.value.smtp_code == 451
            broken.fault = ""
            assert sent.sendmail("ana@example.com", [address(feedback)], reply("9")) == {}
    finally:
        listener.close()
    assert feedback.one("select count(*) from reply") == len(feedback.published("survey.answered.v1")) == 1


def test_where_nothing_can_listen_the_setting_is_named(feedback: Feedback) -> None:
    with listening(feedback) as taken:
        second = Listener(door(feedback), ListenSettings("127.0.0.1", taken.port))
        with pytest.raises(SettingError, match="GUESTLOOP_MAIL_LISTEN"):
            second.open()
        second.close()


# from a mailbox


@pytest.fixture
def there() -> Iterator[MailboxServer]:
    with mailbox_server() as found:
        yield found


def mailbox(feedback: Feedback, there: MailboxServer) -> Mailbox:
    settings = MailboxSettings("127.0.0.1", there.port, "back", "secret word", "none")
    return Mailbox(feedback.database, door(feedback), settings)


def to(feedback: Feedback, raw: bytes, way: str = "reply", message: str = "survey") -> bytes:
    return raw.replace(TO.encode(), address(feedback, way, message).encode())


def test_what_is_ours_is_taken_and_deleted_and_all_else_stays(feedback: Feedback, there: MailboxServer) -> None:
    foreign, too_long = reply("a mail to the front desk"), reply("x" * LONGEST)
    there.bring(foreign, to(feedback, reply("9")), too_long, to(feedback, dsn("5.1.1", "550 5.1.1 x"), "returned"))
    reader = mailbox(feedback, there)
    assert reader.read(AT) == 2
    assert list(there.mails.values()) == [foreign, too_long]
    assert not any("Seen" in command or "BODY[]" in command for command in there.commands), "nothing is marked as read"
    before = len(there.commands)
    assert reader.read(AT) == reader.read(AT + EVERY / 2) == 0, "not yet"
    assert len(there.commands) == before
    there.bring(to(feedback, reply("late", subject="Re: x"), message="survey"))
    assert reader.read(AT + EVERY) == 1
    assert feedback.all("select way, kind from inbound_mail order by 2") == [
        ("imap", "bounce"),
        ("imap", "reply"),
        ("imap", "reply"),
    ]


@pytest.mark.parametrize("dies_after", ["UID FETCH 1 (BODY", "UID STORE 1", "UID EXPUNGE 1", "UID SEARCH", "SELECT"])
def test_killed_anywhere_nothing_is_lost_and_nothing_twice(
    feedback: Feedback, there: MailboxServer, dies_after: str
) -> None:
    there.bring(to(feedback, reply("9")))
    there.cut_after = dies_after
    first = mailbox(feedback, there)
    first.read(AT)
    assert mailbox(feedback, there).read(AT + timedelta(minutes=5)) in (0, 1)
    assert feedback.one("select count(*) from inbound_mail") == len(feedback.published("survey.answered.v1")) == 1
    assert there.mails == {}


def test_of_a_mail_that_is_too_long_the_words_are_heard_and_it_stays(feedback: Feedback, there: MailboxServer) -> None:
    too_long = to(feedback, reply("Please stop mailing me.\n\nMany pictures:\n" + "x" * LONGEST))
    there.bring(too_long, to(feedback, reply("9")))
    reader = mailbox(feedback, there)
    assert (reader.read(AT), reader.read(AT + EVERY)) == (2, 0)
    assert list(there.mails.values()) == [too_long]
    assert len(feedback.published("optout.requested.v1")) >= 1


def test_a_mailbox_made_anew_is_read_from_its_start_and_counts_nothing_twice(
    feedback: Feedback, there: MailboxServer
) -> None:
    there.bring(to(feedback, reply("9")))
    assert mailbox(feedback, there).read(AT) == 1
    there.validity, there.mails, there.deleted = 8, {1: to(feedback, reply("9")), 2: to(feedback, reply("more"))}, set()
    assert mailbox(feedback, there).read(AT) == 1
    assert feedback.one("select count(*) from inbound_mail") == 2


def test_without_uidplus_what_others_deleted_is_not_swept_along(feedback: Feedback, there: MailboxServer) -> None:
    there.knows_uidplus = False
    there.bring(to(feedback, reply("9")))
    assert mailbox(feedback, there).read(AT) == 1
    assert there.deleted == {1} and not any("EXPUNGE" in one for one in there.commands)


def test_a_mailbox_that_does_not_answer_is_asked_again_later(feedback: Feedback, there: MailboxServer) -> None:
    settings = MailboxSettings("127.0.0.1", there.port, "back", "wrong", "none")
    reader = Mailbox(feedback.database, door(feedback), settings)
    assert reader.read(AT) == 0 and there.commands
    before = len(there.commands)
    assert reader.read(AT + EVERY) == 0 and len(there.commands) == before, "not at once"
    assert reader.read(AT + timedelta(minutes=2)) == 0 and len(there.commands) == before, "nor soon: it would lock it"
    assert reader.read(AT + timedelta(minutes=16)) == 0 and len(there.commands) > before


# the role


def test_without_settings_it_does_nothing_and_plans_nothing(feedback: Feedback) -> None:
    listen, box = ListenSettings("127.0.0.1", 0), MailboxSettings("127.0.0.1", 1, "back", "x", "none")
    for config in (Config(), Config(mail_back=BACK), Config(listen=listen, mailbox=box)):
        role = MailRole(feedback.database, config, VirtualClock(AT))
        assert (role.step(AT), role.next_due()) == (0, None)
        role.close()


def test_the_settings_of_a_mailbox_are_whole_or_name_what_is_missing() -> None:
    given = {"GUESTLOOP_IMAP_HOST": "imap.example.com", "GUESTLOOP_MAIL_LISTEN": "0.0.0.0:2424"}
    with pytest.raises(SettingError, match="GUESTLOOP_IMAP_USER"):
        Config.read(given)
    config = Config.read({**given, "GUESTLOOP_IMAP_USER": "back", "GUESTLOOP_MAIL_BACK": "back@reply.example.com"})
    assert config.listen == ListenSettings("0.0.0.0", 2424, "lmtp") and config.mailbox is not None
    assert (config.mailbox.port, config.mailbox.security, config.mail_back) == (993, "tls", BACK)
