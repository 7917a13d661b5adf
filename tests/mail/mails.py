"""Mails as servers and programs write them, made by hand; every address and name in them is invented."""

from __future__ import annotations

from textwrap import dedent

TO = "back+r@reply.example.com"


def mail(text: str, **replaced: str) -> bytes:
    """The text without its indent, as bytes with the line ends of the wire."""
    plain = dedent(text).lstrip("\n")
    for name, value in replaced.items():
        plain = plain.replace(f"<<{name}>>", value)
    return plain.replace("\n", "\r\n").encode()


def reply(body: str, *, subject: str = "Re: How was it?", more: str = "") -> bytes:
    head = f"From: Ana Silva <ana@example.com>\r\nTo: {TO}\r\nSubject: {subject}\r\nMessage-ID: <a1@example.com>\r\n"
    kind = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    return (head + more + kind + "\r\n" + dedent(body).lstrip("\n").replace("\n", "\r\n")).encode()


POSTFIX = """
    Return-Path: <>
    Date: Thu, 12 May 2016 09:00:02 +0000 (UTC)
    From: MAILER-DAEMON@mail.example.com (Mail Delivery System)
    Subject: Undelivered Mail Returned to Sender
    To: <<to>>
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="3A5B"

    --3A5B
    Content-Description: Notification
    Content-Type: text/plain; charset=us-ascii

    This is the mail system at host mail.example.com.

    <ana@example.com>: host mx.example.com[192.0.2.7] said: <<diagnostic>>

    --3A5B
    Content-Description: Delivery report
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mail.example.com
    X-Postfix-Queue-ID: 4F0C
    Arrival-Date: Thu, 12 May 2016 09:00:01 +0000 (UTC)

    Final-Recipient: rfc822; ana@example.com
    Original-Recipient: rfc822;ana@example.com
    Action: <<action>>
    Status: <<status>>
    Remote-MTA: dns; mx.example.com
    Diagnostic-Code: smtp; <<diagnostic>>

    --3A5B
    Content-Description: Undelivered Message
    Content-Type: message/rfc822

    Return-Path: <<<original>>>
    From: Casa do Rio <hello@example.com>
    Reply-To: <<<original>>>
    To: <ana@example.com>
    Subject: How was it?
    Message-ID: <m1@example.com>

    Dear Ana
    --3A5B--
"""


def dsn(
    status: str, diagnostic: str, *, action: str = "failed", to: str = TO, original: str = "x@example.com"
) -> bytes:
    return mail(POSTFIX, status=status, diagnostic=diagnostic, action=action, to=to, original=original)


ARF = """
    From: <abuse@isp.example.com>
    Date: Thu, 12 May 2016 10:00:00 +0000
    Subject: FW: How was it?
    To: back@reply.example.com
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=feedback-report; boundary="part"

    --part
    Content-Type: text/plain; charset="US-ASCII"

    This is an email abuse report for an email message received from IP 192.0.2.2.

    --part
    Content-Type: message/feedback-report

    Feedback-Type: <<type>>
    User-Agent: SomeGenerator/1.0
    Version: 1
    Original-Rcpt-To: <redacted@isp.example.com>

    --part
    Content-Type: <<kind>>

    From: Casa do Rio <hello@example.com>
    Reply-To: <<<original>>>
    To: <redacted>
    Subject: How was it?
    Message-ID: <m1@example.com>

    Dear Ana
    --part--
"""


def complaint(original: str, kind: str = "message/rfc822", type_: str = "abuse") -> bytes:
    return mail(ARF, original=original, kind=kind, type=type_)


QMAIL = """
    Return-Path: <>
    Date: 12 May 2016 09:00:00 -0000
    From: MAILER-DAEMON@qmail.example.com
    To: <<to>>
    Subject: failure notice

    Hi. This is the qmail-send program at qmail.example.com.
    I'm afraid I wasn't able to deliver your message to the following addresses.
    This is a permanent error; I've given up. Sorry it didn't work out.

    <ana@example.com>:
    192.0.2.9 does not like recipient.
    Remote host said: <<said>>
    Giving up on 192.0.2.9.

    --- Below this line is a copy of the message.

    Return-Path: <<<original>>>
    From: Casa do Rio <hello@example.com>
    Subject: How was it?
"""


def qmail(said: str, to: str = TO, original: str = "x@example.com") -> bytes:
    return mail(QMAIL, said=said, to=to, original=original)
