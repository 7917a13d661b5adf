"""A report that console wrote arrives as it was written: text and page, charts inside, the PDF beside; nothing of it is
left once it went."""

from __future__ import annotations

from typing import Any

import pytest

from services.messaging.channels.email.packing import bodies
from services.messaging.channels.sender import Outgoing, Part
from shared.crypto.purposes import Sealing
from shared.errors import MalformedEvent
from shared.events.dictionary import chunk_of
from shared.ids import make_id
from shared.vocabulary.mail_body import BodyPart, MailBody
from shared.vocabulary.notice import NoticeKind
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.messaging.mail_server import inbox
from tests.messaging.staff_mail import StaffMail, smtp

PNG, PDF = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, b"%PDF-1.7\n" + b"\n.\n" * 400
BODY = MailBody(
    "月报 · 2026年10月\r\nBcc: x@example.com",
    "共有 120 次住店结束。",
    '<p>120</p><img src="cid:stays@guestloop" alt="2026年10月：120">',
    (
        BodyPart("image/png", PNG, content_id="stays@guestloop"),
        BodyPart("application/pdf", PDF, name="report-LIS-2026-10-01.pdf"),
    ),
)


def test_a_report_arrives_with_its_charts_and_its_file(make_database: MakeDatabase) -> None:
    with inbox() as server:
        desk = StaffMail(make_database("messaging"), email=smtp(server.port))
        sealed = desk.database.keyring.seal(BODY.written(), Sealing.NOTICE)
        asked = desk.asked(NoticeKind.REPORT, body=sealed, language="zh-Hans")
        for _ in range(2):
            desk.hear_at(NOW, chunk_of([asked]))
            desk.work()
        (mail,) = server.mails
    assert mail["Subject"] == "月报 · 2026年10月 Bcc: x@example.com" and mail["Bcc"] is None
    assert mail.get_content_type() == "multipart/mixed"
    both, file = mail.iter_parts()
    text, shown = both.iter_parts()
    page, picture = shown.iter_parts()
    assert "共有 120 次住店结束。" in text.get_content() and 'alt="2026年10月：120"' in page.get_content()
    assert picture["Content-ID"] == "<stays@guestloop>" and picture.get_content() == PNG
    assert file.get_filename() == "report-LIS-2026-10-01.pdf" and file.get_content() == PDF
    assert desk.outcomes() == [("sent", None)]
    assert desk.all("select address_sealed, details_sealed, body_sealed from notice") == [(None, None, None)]


def test_without_a_body_it_says_that_the_report_is_there(make_database: MakeDatabase) -> None:
    with inbox() as server:
        desk = StaffMail(make_database("messaging"), email=smtp(server.port))
        desk.ask(NoticeKind.REPORT)
        desk.work()
        (mail,) = server.mails
    assert mail["Subject"] == "Your report: October 2026 · Casa do Tejo Lisboa"


def test_a_body_that_cannot_be_read_is_set_aside_and_its_neighbours_go(make_database: MakeDatabase) -> None:
    desk = StaffMail(make_database("messaging"))
    wrong = desk.database.keyring.seal('{"subject": "x"}', Sealing.NOTICE)
    with pytest.raises(MalformedEvent) as error:
        desk.hear_at(NOW, chunk_of([desk.asked(NoticeKind.REPORT), desk.asked(NoticeKind.REPORT, body=wrong)]))
    assert set(error.value.subjects) == {1}


@pytest.mark.parametrize(
    "part", [{"name": "a\r\nX: y.pdf"}, {"name": 'a".pdf'}, {"content_id": "a> b"}, {"name": "报告.pdf"}]
)
def test_nothing_of_a_part_becomes_a_header(part: dict[str, Any]) -> None:
    message = Outgoing(
        message_id=make_id("message", 1), channel="email", to="a@example.com", text="t", at=NOW, purpose="notice",
        html="<p>t</p>", parts=(Part("application/pdf", b"x", **part),),
    )  # fmt: skip
    with pytest.raises(ValueError, match="ASCII"):
        bodies(message)
