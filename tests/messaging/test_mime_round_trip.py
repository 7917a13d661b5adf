"""Our MIME, made by hand, says to the standard library's parser what went in."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from services.messaging.channels.email.mime import MailSettings, as_bytes
from services.messaging.channels.sender import Outgoing
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose

SETTINGS = MailSettings("hotel@hotel.example", "hotel.example", reply_to="desk@hotel.example")
LONG_LINE = "A line longer than any mail server takes in one piece. " * 40
TEXT = f"亲爱的张先生：\n\n{LONG_LINE}\n.\n..\nFrom here on\n= equals =3D é\n"
HTML = f"<!doctype html><html><body><p>亲爱的张先生：</p><p>{LONG_LINE}</p>\n.\n<a href='https://a.example/?a=1&b=2'>→</a></body></html>"


def mail(subject: str = "您的生日快到了", html: str | None = HTML, link: str | None = None) -> Outgoing:
    return Outgoing(
        message_id=make_id("message", subject), channel=Channel.EMAIL, to="zhang@example.org", text=TEXT,
        at=datetime(2016, 6, 6, 10, tzinfo=UTC), purpose=Purpose.MARKETING, language="zh-Hans", subject=subject,
        html=html, from_name="里斯本 Hotel «Rio»", unsubscribe_url=link,
    )  # fmt: skip


def parsed(message: Outgoing) -> EmailMessage:
    raw = as_bytes(message, SETTINGS)
    assert raw.isascii() and b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    found = message_from_bytes(raw, policy=default)
    assert isinstance(found, EmailMessage) and not found.defects
    return found


def body(found: EmailMessage, kind: str) -> str:
    part = found.get_body((kind,))
    assert part is not None and not part.defects
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes) and part.get_content_charset() == "utf-8"
    return content.decode()


@pytest.mark.parametrize(
    "subject",
    [
        "您的生日快到了",
        "中文" * 60,
        "Plain words",
        "Plain words " * 30,
        "=?utf-8?B?not a word?=",
        "emoji 👩‍👩‍👧 é",
        '«Rio», "quoted"',
    ],
)
def test_the_subject_is_what_went_in(subject: str) -> None:
    assert str(parsed(mail(subject))["Subject"]) == subject


def test_both_bodies_are_what_went_in() -> None:
    found = parsed(mail())
    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert body(found, "plain") == TEXT
    assert body(found, "html") == HTML


def test_a_mail_without_html_is_plain_text_alone() -> None:
    found = parsed(mail(html=None))
    assert found.get_content_type() == "text/plain" and not found.is_multipart()
    assert body(found, "plain") == TEXT


@pytest.mark.parametrize("html", [HTML, None])
def test_nothing_is_attached(html: str | None) -> None:
    found = parsed(mail(html=html))
    assert list(found.iter_attachments()) == []
    assert all(part.get_filename() is None for part in found.walk())


def test_the_way_out_is_in_its_two_headers() -> None:
    link = "https://go.hotel.example/messaging/way-out/" + "x" * 66
    found = parsed(mail(link=link))
    assert found["List-Unsubscribe"] == f"<{link}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    without = parsed(mail())
    assert without["List-Unsubscribe"] is None and without["List-Unsubscribe-Post"] is None


def test_addresses_and_ids_are_what_went_in() -> None:
    message = mail()
    found = parsed(message)
    (sender,), (to,), (reply,) = (found[name].addresses for name in ("From", "To", "Reply-To"))
    assert (sender.display_name, sender.addr_spec) == ("里斯本 Hotel «Rio»", "hotel@hotel.example")
    assert (to.addr_spec, reply.addr_spec) == ("zhang@example.org", "desk@hotel.example")
    assert found["Message-ID"] == f"<{message.message_id}@hotel.example>"
    assert found["Date"].datetime == message.at
    assert found["Content-Language"] == "zh-Hans"
