"""E-mail to real SMTP servers on loopback: what they are handed, and what each of their answers comes to."""

from __future__ import annotations

import socket
from dataclasses import replace
from unittest.mock import patch

import pytest

from services.messaging.channels.email.dialogue import SmtpSettings
from services.messaging.channels.email.mime import MailSettings, as_bytes
from services.messaging.channels.email.smtp import SmtpSender
from services.messaging.channels.sender import Outcome
from shared.crypto.mail_addresses import BackAddress, BackSigner, WayBack, tokens_in
from shared.crypto.sealing import KeyRing
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.loopback import PATIENCE, nobody_listens
from tests.messaging.mail_server import GROUPS, at, inbox, otherwise, scripted
from tests.messaging.outgoing import mail

MAIL = MailSettings("stay@alfama.example", "mail.alfama.example", reply_to="desk@alfama.example")
SENT, FAILED, UNKNOWN = MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN


def sender(port: int, timeout: float = PATIENCE, settings: MailSettings = MAIL) -> SmtpSender:
    return SmtpSender(SmtpSettings("127.0.0.1", port, settings, security="none", timeout=timeout))


def test_a_mail_arrives_whole_with_a_way_out_in_its_headers() -> None:
    with inbox() as server:
        (outcome,) = sender(server.port).send([mail()])
        (received,) = server.mails
    assert outcome == Outcome(
        message_id=mail().message_id, state=SENT, provider_ref=f"<{mail().message_id}@mail.alfama.example>"
    )
    assert received["Message-ID"] == outcome.provider_ref
    assert received["From"] == "Casa Alfama <stay@alfama.example>"
    assert received["To"] == "guest1@mail.example.com"
    assert received["Reply-To"] == "desk@alfama.example"
    assert received["Date"] == "Thu, 12 May 2016 09:00:00 +0000"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["List-Unsubscribe"] == "<https://go.alfama.example/u/token>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, page = received.iter_parts()
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == mail().text
    assert page.get_content().strip() == mail().html
    assert not received.defects and not plain.defects and not page.defects


def test_each_mail_comes_back_to_addresses_of_its_own(keyring: KeyRing) -> None:
    """A server returns it to one, its reader answers to another, a mail program asks for no more at a third."""
    signer, back = BackSigner(keyring), BackAddress("back", "reply.alfama.example")
    settings = replace(MAIL, back=back, bounces="bounces@alfama.example")
    for in_groups in (False, True):
        with inbox(in_groups=in_groups) as server:
            mails = [mail(number, back=signer) for number in range(4)]
            notice = mail(9, unsubscribe_url=None)
            outcomes = sender(server.port, settings=settings).send([*mails, notice])
            received = server.mails
        assert {outcome.state for outcome in outcomes} == {SENT}
        for one, got, envelope in zip(mails, received, server.senders, strict=False):
            (reply_to,), ways = got["Reply-To"].addresses, got["List-Unsubscribe"]
            read = [signer.read(tokens_in(text, back)[0]) for text in (envelope, reply_to.addr_spec, ways)]
            assert read == [(way, one.message_id) for way in (WayBack.RETURNED, WayBack.REPLY, WayBack.UNSUBSCRIBE)]
            assert ways.startswith("<https://go.alfama.example/u/token>, <mailto:back+u")
            assert all(len(address.partition("@")[0]) <= 64 for address in (envelope, reply_to.addr_spec))
        assert server.senders[-1] == "bounces@alfama.example", "a notice to a colleague is no message to a guest"
        assert received[-1]["Reply-To"] == "desk@alfama.example"


def test_a_chinese_mail_arrives_as_it_was_written() -> None:
    subject = "（广告）" + "好久不见，期待您再次光临" * 6
    with inbox() as server:
        sender(server.port).send([mail(subject=subject, text="您好：\n\n好久不见。\n", from_name="阿尔法玛酒店")])
        (received,) = server.mails
        assert server.raw[0].isascii()
        assert max(map(len, server.raw[0].split(b"\r\n"))) <= 78
    assert received["Subject"] == subject
    assert str(received["From"].addresses[0].display_name) == "阿尔法玛酒店"
    (plain, _) = received.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == "您好：\n\n好久不见。\n"


def test_a_batch_takes_one_connection_and_each_mail_its_own_recipient() -> None:
    batch = [mail(number) for number in range(20)]
    with inbox() as server:
        outcomes = sender(server.port).send(batch)
        assert server.connections == 1
        assert server.recipients == [[message.to] for message in batch]
        assert set(server.senders) == {"stay@alfama.example"}
    assert [outcome.message_id for outcome in outcomes] == [message.message_id for message in batch]
    assert {outcome.state for outcome in outcomes} == {SENT}


def test_one_connection_lasts_until_nothing_is_left_to_send() -> None:
    with inbox() as server:
        ours = sender(server.port)
        for number in range(3):
            assert [outcome.state for outcome in ours.send([mail(number)])] == [SENT]
        assert server.connections == 1
        ours.rest()
        ours.rest()
        assert [outcome.state for outcome in ours.send([mail(3)])] == [SENT]
        assert server.connections == 2
        ours.rest()
    assert server.recipients == [[mail(number).to] for number in range(4)]


@pytest.mark.parametrize("announces", [{}, GROUPS], ids=["one by one", "in groups"])
def test_a_server_that_hung_up_between_two_batches_is_called_again(announces: dict[str, str]) -> None:
    with scripted(at({("MAIL", 1): None}, announces)) as server:
        ours = sender(server.port)
        assert [outcome.state for number in (0, 1) for outcome in ours.send([mail(number)])] == [SENT, SENT]
        ours.rest()
    assert server.heard.count("CONNECT") == 2
    assert server.heard[-1] == "QUIT"


def test_bounces_go_to_the_address_that_reads_them() -> None:
    with inbox() as server:
        settings = MailSettings("stay@alfama.example", "mail.alfama.example", bounces="bounces@alfama.example")
        sender(server.port, settings=settings).send([mail()])
        assert server.senders == ["bounces@alfama.example"]


@pytest.mark.parametrize("announces", [{}, GROUPS], ids=["one by one", "in groups"])
@pytest.mark.parametrize(
    ("verb", "answer", "state", "reason", "again"),
    [
        ("RCPT", "550 5.1.1 <guest1@mail.example.com> no such user", FAILED, Reason.BAD_ADDRESS, False),
        ("RCPT", "550 5.2.1 mailbox disabled", FAILED, Reason.BAD_ADDRESS, False),
        ("RCPT", "550 No such user here", FAILED, Reason.BAD_ADDRESS, False),
        ("RCPT", "550 5.7.1 not from you", FAILED, Reason.POLICY, False),
        ("RCPT", "552 5.2.2 mailbox full", FAILED, Reason.MAILBOX_FULL, False),
        ("RCPT", "450 4.2.0 greylisted", FAILED, Reason.TEMPORARY, True),
        ("RCPT", "452 4.2.2 mailbox full", FAILED, Reason.MAILBOX_FULL, True),
        ("MAIL", "553 5.1.8 bad sender", FAILED, Reason.SET_UP, False),
        ("MAIL", "550 5.1.1 no such user", FAILED, Reason.SET_UP, False),
        ("MAIL", "530 sign in first", FAILED, Reason.SET_UP, False),
        ("MAIL", "451 4.3.0 try later", FAILED, Reason.TEMPORARY, True),
        ("DATA", "554 no", FAILED, Reason.CONTENT, False),
        (".", "554 5.6.0 looks like spam", FAILED, Reason.CONTENT, False),
        (".", "550 5.7.515 not authenticated", FAILED, Reason.POLICY, False),
        (".", "451 4.3.0 try later", FAILED, Reason.TEMPORARY, True),
        (".", "421 closing", FAILED, Reason.TEMPORARY, True),
        (".", "good bye", UNKNOWN, Reason.CUT_OFF, False),
        (".", None, UNKNOWN, Reason.CUT_OFF, False),
        ("DATA", None, FAILED, Reason.UNREACHABLE, True),
        ("RCPT", None, FAILED, Reason.UNREACHABLE, True),
        ("CONNECT", "554 go away", FAILED, Reason.UNREACHABLE, True),
        ("CONNECT", None, FAILED, Reason.UNREACHABLE, True),
    ],
)
def test_each_answer_means_sent_or_not_sent_or_nobody_knows(
    verb: str,
    answer: str | None,
    state: MessageState,
    reason: Reason,
    again: bool,
    announces: dict[str, str | None],
) -> None:
    with scripted(otherwise({**announces, verb: answer})) as server:
        (outcome,) = sender(server.port).send([mail()])
    assert (outcome.state, outcome.reason, outcome.again) == (state, reason, again)
    assert "mail.example.com" not in (outcome.detail or "")


def test_a_server_that_takes_the_mail_and_never_answers_leaves_it_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:  # the kernel connects, nobody answers
        (silent,) = sender(listener.getsockname()[1], timeout=1.0).send([mail()])
    assert (silent.state, silent.again) == (FAILED, True)


@pytest.mark.parametrize("answers", [[False], [True, False]])
def test_what_is_no_longer_ours_is_not_handed_over(answers: list[bool]) -> None:
    asked = iter(answers)
    with scripted(otherwise({})) as server:
        (outcome,) = sender(server.port).send([mail(is_ours=lambda: next(asked))])
        assert server.heard.count(".") == 0
    assert (outcome.state, outcome.again) == (FAILED, True)


def test_a_whole_batch_that_is_no_longer_ours_is_given_back() -> None:
    with scripted(otherwise({})) as server:
        outcomes = sender(server.port).send([mail(number, is_ours=lambda: False) for number in range(3)])
    assert {outcome.kind for outcome in outcomes} == {"given_back"}


def test_a_refusal_concerns_nobody_else_in_the_batch() -> None:
    def second_is_unknown(verb: str, before: int) -> str | None:
        return "550 5.1.1 no such user" if verb == "RCPT" and before == 1 else otherwise({})(verb, before)

    with scripted(second_is_unknown) as server:
        outcomes = sender(server.port).send([mail(number) for number in range(3)])
        assert server.heard.count("CONNECT") == 1
    assert [outcome.state for outcome in outcomes] == [SENT, FAILED, SENT]


def test_a_cut_after_one_mail_leaves_that_one_unknown_and_sends_the_rest() -> None:
    def cut_once(verb: str, before: int) -> str | None:
        return None if verb == "." and before == 0 else otherwise({})(verb, before)

    with scripted(cut_once) as server:
        outcomes = sender(server.port).send([mail(number) for number in range(3)])
        assert server.heard.count(".") == 3  # each mail was handed over once
    assert [outcome.state for outcome in outcomes] == [UNKNOWN, SENT, SENT]


def test_a_server_that_tires_of_a_connection_is_called_again() -> None:
    def two_at_most(verb: str, before: int) -> str | None:
        return "421 enough" if verb == "MAIL" and before == 2 else otherwise({})(verb, before)

    with scripted(two_at_most) as server:
        outcomes = sender(server.port).send([mail(number) for number in range(4)])
        assert server.heard.count("CONNECT") == 2
        assert server.heard.count(".") == 4
    assert {outcome.state for outcome in outcomes} == {SENT}


def test_where_nobody_listens_nothing_was_offered_and_the_batch_is_not_tried_one_by_one() -> None:
    with (
        nobody_listens() as port,
        patch.object(socket, "create_connection", wraps=socket.create_connection) as called,
    ):
        outcomes = sender(port).send([mail(number) for number in range(500)])
    assert called.call_count == 1
    assert len(outcomes) == 500
    assert {(outcome.state, outcome.again) for outcome in outcomes} == {(FAILED, True)}


def test_an_empty_batch_calls_nobody() -> None:
    assert sender(1).send([]) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"subject": "How was it?\r\nBcc: all@mail.example.com"}, Reason.CONTENT),
        ({"from_name": "Casa\nAlfama"}, Reason.CONTENT),
        ({"subject": "How\0"}, Reason.CONTENT),
        ({"unsubscribe_url": "https://x.example/> <mailto:a@b.example"}, Reason.CONTENT),
        ({"unsubscribe_url": "javascript:alert(1)"}, Reason.CONTENT),
        ({"to": "a@mail.example.com>\r\nRCPT TO:<b@mail.example.com"}, Reason.BAD_ADDRESS),
        ({"to": "a@mail.example.com, b@mail.example.com"}, Reason.BAD_ADDRESS),
        ({"to": "王女士@例子.中国"}, Reason.BAD_ADDRESS),
        ({"to": "nobody"}, Reason.BAD_ADDRESS),
    ],
)
def test_a_line_break_becomes_neither_a_header_nor_a_command(changes: dict[str, str], reason: Reason) -> None:
    with inbox() as server:
        refused, sent = sender(server.port).send([mail(1, **changes), mail(2)])
        assert len(server.raw) == 1
    assert (refused.state, refused.reason, refused.again) == (FAILED, reason, False)
    assert sent.state is SENT


def test_a_line_that_begins_with_a_dot_ends_nothing() -> None:
    with inbox() as server:
        sender(server.port).send([mail(text="one\n.\ntwo\n..three\n", html=None)])
        (received,) = server.mails
    assert received.get_content().replace("\r\n", "\n") == "one\n.\ntwo\n..three\n"


def test_the_same_mail_gives_the_same_bytes() -> None:
    assert as_bytes(mail(), MAIL) == as_bytes(mail(), MAIL)


def test_a_password_is_not_shown_with_the_settings() -> None:
    assert "secret" not in repr(SmtpSettings("h", 25, MAIL, user="u", password="secret"))
