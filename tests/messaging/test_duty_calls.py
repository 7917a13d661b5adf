"""A complaint reaches whoever is on duty: feedback asks, messaging sends to a real mail server, the case tells."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.cast import DINA, FILIPA, NOW, employ
from tests.conftest import MakeDatabase
from tests.feedback.duty import Duty
from tests.messaging.hotel import Provider
from tests.messaging.mail_server import inbox
from tests.messaging.staff_mail import ORIGIN, StaffMail, smtp
from tests.web import words


def on_duty(make_database: MakeDatabase) -> Duty:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    duty.list_of(DINA, FILIPA)
    return duty


def pass_on(duty: Duty, desk: StaffMail, at: datetime) -> None:
    """What feedback asks for is sent, and what became of it comes back; everything is heard twice."""
    for _ in range(2):
        for asked in [one for one in duty.outbox() if one.name == "notice.requested.v1"]:
            desk.hear_at(at, asked.chunk)
        desk.work(at)
        for settled in [one for one in desk.outbox() if one.name == "notice.settled.v1"]:
            duty.hear_at(at, settled.chunk)


def test_a_complaint_reaches_the_first_by_mail_and_the_second_when_nobody_answers(make_database: MakeDatabase) -> None:
    with inbox() as server:
        duty = on_duty(make_database)
        desk = StaffMail(
            make_database("messaging"),
            email=smtp(server.port),
            sms=Provider(MessageState.FAILED, reason=Reason.BAD_ADDRESS),
        )
        case_id = duty.complaint(room="412", words="Ana Silva: the bill was wrong")
        pass_on(duty, desk, NOW)
        later = NOW + timedelta(minutes=15)
        duty.tick(later)
        pass_on(duty, desk, later)
        first, second = server.mails
    assert server.recipients == [["dina@casa.example.com"], ["filipa@casa.example.com"]]
    assert first["Subject"] == "A guest complains · Casa do Tejo Lisboa · room 412"
    plain = _plain(first)
    assert f"{ORIGIN}/feedback/cases/{case_id}" in plain and "Hello Dina Duarte," in plain
    assert "Silva" not in plain and "bill" not in plain and "/sign-in/link/" not in plain
    assert _plain(second).startswith("Hello Filipa Faria,")
    page = words(duty.as_(DINA, later).get(f"/feedback/cases/{case_id}"))
    assert "Dina Duarte e-mail and text message today 12:00 (Lisbon) no answer" in page
    assert "Filipa Faria e-mail and text message today 12:15 (Lisbon) sent, no answer yet" in page


def test_where_nothing_is_really_sent_the_case_says_it_and_nobody_waits_for_an_answer(
    make_database: MakeDatabase,
) -> None:
    duty = on_duty(make_database)
    desk = StaffMail(make_database("messaging"))
    case_id = duty.complaint()
    for _ in range(4):
        pass_on(duty, desk, NOW)
    page = words(duty.as_(DINA).get(f"/feedback/cases/{case_id}"))
    assert "not sent: nothing is really sent from this installation" in page
    assert "Everybody on the duty list was called, and nobody answered." in page


def _plain(mail: EmailMessage) -> str:
    return str(next(mail.iter_parts()).get_content()).strip()
