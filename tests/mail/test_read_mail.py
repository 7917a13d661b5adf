"""What a mail is: bounces, complaints, programs' mail and people's words, told apart by their bytes alone."""

from __future__ import annotations

import os
from time import process_time

import pytest

from services.feedback.mail.kinds import MailKind
from services.feedback.mail.read import read_mail
from shared.vocabulary.reason import Reason
from tests.mail.mails import TO, complaint, dsn, mail, qmail, reply


@pytest.mark.parametrize(
    "status, diagnostic, reason",
    [
        ("5.1.1", "550 5.1.1 <ana@example.com>: Recipient address rejected: User unknown", Reason.BAD_ADDRESS),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup", Reason.BAD_ADDRESS),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", Reason.BAD_ADDRESS),
        ("5.0.0", "550 No such user here", Reason.BAD_ADDRESS),
        ("5.3.0", "550 5.1.1 unknown recipient", Reason.BAD_ADDRESS),
        ("5.0.0", "550 收件人不存在", Reason.BAD_ADDRESS),
        ("5.2.2", "552 5.2.2 mailbox full", Reason.MAILBOX_FULL),
        ("4.2.2", "452 4.2.2 The email account is over quota", Reason.MAILBOX_FULL),
        ("5.0.0", "552 Quota exceeded (mailbox for user is full)", Reason.MAILBOX_FULL),
        ("5.7.1", "550 5.7.1 Message rejected due to content restrictions", Reason.POLICY),
        ("5.7.515", "550 5.7.515 Access denied, sending domain does not meet the required level", Reason.POLICY),
        ("4.7.32", "421 4.7.32 unauthenticated mail is rate limited", Reason.POLICY),
        ("5.0.0", "554 your IP is on our block list", Reason.POLICY),
        ("5.1.1", "550 5.1.1 blocked by our spam filter", Reason.POLICY),
        ("5.1.8", "501 5.1.8 Sender address does not exist", Reason.SET_UP),
        ("4.4.1", "connect to mx.example.com[192.0.2.7]:25: Connection timed out", Reason.TEMPORARY),
        ("4.3.0", "450 4.3.0 try again later", Reason.TEMPORARY),
        ("5.3.4", "552 5.3.4 message too big", Reason.CONTENT),
        ("5.0.0", "550 mailbox unavailable", Reason.RETURNED),
        ("5.4.4", "Host or domain name not found", Reason.RETURNED),
        ("5.0.0", "550 no", Reason.RETURNED),
    ],
)
def test_why_a_server_returned_it(status: str, diagnostic: str, reason: Reason) -> None:
    found = read_mail(dsn(status, diagnostic))
    assert (found.kind, found.reason) == (MailKind.BOUNCE, reason)
    assert found.code is not None and found.code[0] in "45"
    assert TO in found.addressed and "x@example.com" in found.evidence


def test_a_mail_that_is_late_has_not_come_back() -> None:
    for action in ("delayed", "relayed", "delivered", "expanded"):
        found = read_mail(dsn("4.4.1", "connection timed out", action=action))
        assert (found.kind, found.reason) == (MailKind.AUTOMATIC, None)


@pytest.mark.parametrize(
    "said, reason, code",
    [
        ("550 5.1.1 User unknown", Reason.BAD_ADDRESS, "5.1.1"),
        ("550 no such user here", Reason.BAD_ADDRESS, "550"),
        ("554 delivery error: quota exceeded", Reason.MAILBOX_FULL, "554"),
        ("550 5.7.1 rejected for policy reasons", Reason.POLICY, "5.7.1"),
        ("554 go away", Reason.RETURNED, "554"),
    ],
)
def test_what_servers_of_no_standard_return(said: str, reason: Reason, code: str) -> None:
    found = read_mail(qmail(said))
    assert (found.kind, found.reason, found.code) == (MailKind.BOUNCE, reason, code)
    assert "x@example.com" in found.evidence


def test_a_returned_mail_without_a_sender_breaks_nothing() -> None:
    """The library of known forms raises where From is missing; so may the next mail of somebody else."""
    headless = qmail("550 5.1.1 User unknown").replace(b"From: MAILER-DAEMON@qmail.example.com\r\n", b"")
    assert read_mail(headless).kind is MailKind.BOUNCE


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_complaint_carries_what_it_is_about(kind: str) -> None:
    found = read_mail(complaint("back+r123@reply.example.com", kind))
    assert found.kind is MailKind.COMPLAINT
    assert "back+r123@reply.example.com" in found.evidence


@pytest.mark.parametrize(
    "feedback, kind",
    [
        ("abuse", MailKind.COMPLAINT),
        ("fraud", MailKind.COMPLAINT),
        ("opt-out", MailKind.UNSUBSCRIBE),
        ("not-spam", MailKind.AUTOMATIC),
    ],
)
def test_what_kind_of_complaint_it_is(feedback: str, kind: MailKind) -> None:
    assert read_mail(complaint("x@example.com", type_=feedback)).kind is kind


@pytest.mark.parametrize(
    "more, subject",
    [
        ("Auto-Submitted: auto-replied\r\n", "Re: How was it?"),
        ("Auto-Submitted: auto-generated; x=y\r\n", "Re: How was it?"),
        ("Precedence: auto_reply\r\n", "Re: How was it?"),
        ("X-Autoreply: yes\r\n", "Re: How was it?"),
        ("", "Automatic reply: How was it?"),
        ("", "Out of Office: How was it?"),
        ("", "Automatische Antwort: Wie war es?"),
        ("", "Réponse automatique : Comment était-ce ?"),
        ("", "=?utf-8?B?6Ieq5Yqo5Zue5aSNOiDmhJ/osKI=?="),  # 自动回复: 感谢
        ("", "自动回复：入住"),
        ("", "AW: Abwesenheitsnotiz: Wie war es?"),
        ("", "Respuesta automática: ¿Qué tal?"),
        ("", "Mensagem automática: ausência temporária"),
        ("", "外出自动回复：入住"),
        ("List-Id: <birds.example.com>\r\n", "Re: How was it?"),
        ("List-Unsubscribe: <https://example.com/u>\r\n", "Re: How was it?"),
        ("Precedence: list\r\n", "Re: How was it?"),
        ("X-Mailing-List: birds@example.com\r\n", "Re: How was it?"),
        ("Return-Path: <>\r\n", "Re: How was it?"),
    ],
)
def test_out_of_office_is_no_answer(more: str, subject: str) -> None:
    assert read_mail(reply("I am away until Monday. 10", subject=subject, more=more)).kind is MailKind.AUTOMATIC


@pytest.mark.parametrize(
    "more, subject",
    [
        ("Auto-Submitted: no\r\n", "Re: How was it?"),
        ("X-Auto-Response-Suppress: All\r\n", "Re: How was it?"),
        ("", "Re: mail delivery of our luggage"),
        ("", "Out of towels"),
        ("", "Postmaster of the room: a letter"),
    ],
)
def test_a_persons_words_are_a_reply_whatever_stands_around_them(more: str, subject: str) -> None:
    found = read_mail(reply("The room was 9 of 10", subject=subject, more=more))
    assert (found.kind, found.text, found.sender) == (MailKind.REPLY, "The room was 9 of 10", "ana@example.com")


def test_a_reply_without_a_word_in_it_speaks_by_its_subject() -> None:
    assert read_mail(reply("", subject="Re: AW: STOP")).text == "STOP"


def test_of_a_very_long_reply_the_beginning_is_its_words() -> None:
    assert len(read_mail(reply("words " * 20_000)).text) == 10_000


def test_words_in_every_packing() -> None:
    head = "From: wang@example.com\nSubject: =?gb2312?B?u9i4tA==?=\nMIME-Version: 1.0\n"
    gbk = (head + "Content-Type: text/plain; charset=gb2312\n\n").encode() + "房间很吵，服务很好喆".encode("gb18030")
    assert read_mail(gbk).text == "房间很吵，服务很好喆"
    unknown = (head + "Content-Type: text/plain; charset=x-unknown\n\nvery good\n").encode()
    assert read_mail(unknown).text == "very good"
    page = mail("""
        From: ana@example.com
        MIME-Version: 1.0
        Content-Type: text/html; charset=utf-8

        <html><head><style>p {}</style></head><body><p>Nice&nbsp;room,<br>bad&amp;cold breakfast</p>
        <div class="gmail_quote"><div>On Monday Casa wrote:</div><blockquote>How was it? 0 to 10</blockquote></div>
        </body></html>
    """)
    assert read_mail(page).text == "Nice room,\nbad&cold breakfast"
    outlook = page.replace(b'class="gmail_quote"', b'id="divRplyFwdMsg"')
    assert read_mail(outlook).text == "Nice room,\nbad&cold breakfast"


def test_the_same_mail_by_another_server_is_the_same() -> None:
    once = reply("9")
    again = b"Received: from mx2.example.com by mx1.example.com; Thu, 12 May 2016 09:00:02 +0000\r\n" + once
    assert (
        read_mail(once).fingerprint
        == read_mail(again).fingerprint
        == read_mail(once.replace(b"\r\n", b"\n")).fingerprint
    )
    assert read_mail(once).fingerprint != read_mail(reply("8")).fingerprint


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 500,
        os.urandom(3000),
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n" * 5000,
        b"Subject: =?utf-8?B?////?= =?x?Q?=\r\nFrom: =?\r\nContent-Type: ;;;\r\n\r\nwords",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000,
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed",
        b"From: a@example.com\r\n\r\nOn " + b"a " * 50_000,
        b"From: a@example.com\r\n\r\n" + b"From: x\nSent: y\n" * 20_000,
        b"From: a@example.com\r\n\r\n" + b"_" * 100_000 + b"\n" * 50_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
    ],
    ids=range(11),
)
def test_no_mail_breaks_the_reader_or_holds_it_up(raw: bytes) -> None:
    began = process_time()
    assert read_mail(raw).kind in MailKind
    assert process_time() - began < 5


def test_a_report_that_a_guest_forwards_does_not_swallow_their_words() -> None:
    head = f"From: ana@example.com\r\nTo: {TO}\r\nSubject: Fwd: Undelivered\r\nMIME-Version: 1.0\r\n"
    words = "Content-Type: text/plain\r\n\r\nPlease stop writing to my old address.\r\n"
    for carried in (dsn("5.1.1", "550 5.1.1 User unknown"), complaint("back+r123@reply.example.com", "message/rfc822")):
        raw = f"{head}Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n{words}--out\r\n".encode()
        raw += b"Content-Type: message/rfc822\r\n\r\n" + carried + b"\r\n--out--\r\n"
        found = read_mail(raw)
        assert (found.kind, found.text) == (MailKind.REPLY, "Please stop writing to my old address.")


def test_what_exim_returns_without_a_report_is_a_bounce_though_it_calls_itself_automatic() -> None:
    said = "A message that you sent could not be delivered to one or more of its recipients.\n\n  ana@example.com\n    "
    more = "X-Failed-Recipients: ana@example.com\r\nAuto-Submitted: auto-replied\r\n"
    raw = reply(said + "550 5.1.1 unknown user", subject="Mail delivery failed: returning message to sender", more=more)
    found = read_mail(
        raw.replace(b"Ana Silva <ana@example.com>", b"Mail Delivery System <Mailer-Daemon@mx.example.com>")
    )
    assert (found.kind, found.reason) == (MailKind.BOUNCE, Reason.BAD_ADDRESS)


def test_a_rooms_number_in_a_persons_words_is_no_code_of_a_server() -> None:
    found = read_mail(reply("It never came to room 512 - no such person, they said", subject="Undelivered parcel"))
    assert found.kind is MailKind.REPLY


@pytest.mark.parametrize(
    ("status", "diagnostic", "reason"),
    [
        ("5.1.1", "550 5.1.1 <spfeiffer@example.com>: Recipient address rejected", Reason.BAD_ADDRESS),
        ("5.1.1", "550 5.1.1 <mailboxfull@example.com> user unknown", Reason.BAD_ADDRESS),
        ("5.7.1", "550 5.7.1 No such user!", Reason.BAD_ADDRESS),
        ("5.2.1", "550-5.2.1 The user you are trying to contact is receiving mail at a rate that", Reason.TEMPORARY),
    ],
)
def test_what_stands_in_an_address_says_nothing_and_what_a_server_says_does(
    status: str, diagnostic: str, reason: Reason
) -> None:
    assert read_mail(dsn(status, diagnostic)).reason is reason


def test_our_own_subject_is_not_the_guests_word() -> None:
    assert read_mail(reply("", subject="Re: 10 nights for the price of 9")).text == ""
    assert read_mail(reply("", subject="Please stop these")).text == "Please stop these"


def test_a_text_that_names_no_charset_is_read_all_the_same() -> None:
    for said, charset in (("请不要再发邮件", "gb18030"), ("très déçu", "cp1252"), ("Отлично", "utf-8")):
        raw = b"From: ana@example.com\r\nSubject: x\r\n\r\n" + said.encode(charset)
        assert read_mail(raw).text == said


def test_a_page_that_answers_between_what_it_quotes_is_heard() -> None:
    page = """<div>See below</div><div class="gmail_quote"><div class="gmail_attr">On Monday Casa wrote:</div>
        <blockquote class="gmail_quote">How was it?</blockquote><div>The shower leaked</div></div>"""
    raw = reply(page).replace(b"text/plain", b"text/html")
    assert read_mail(raw).text == "See below\n\nThe shower leaked"
