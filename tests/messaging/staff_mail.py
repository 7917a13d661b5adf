"""Notices as messaging's tests see them: asked for as on the bus, sent by a role with a real provider."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.messaging.channels.email.dialogue import SmtpSettings
from services.messaging.channels.email.mime import MailSettings
from services.messaging.channels.email.smtp import SmtpSender
from services.messaging.channels.sender import Sender
from services.messaging.config import Config
from services.messaging.consumer import SUBSCRIPTIONS
from services.messaging.notices_role import NoticesRole
from shared.crypto.purposes import Sealing
from shared.database.pool import Database
from shared.events.console import NoticeRequested
from shared.events.dictionary import chunk_of
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeKind
from tests.cast import NOW
from tests.harness import ServiceHarness
from tests.loopback import PATIENCE

ORIGIN = "https://loop.example.com"
MARTA = "marta@casa.example.com"
DETAILS: dict[NoticeKind, dict[str, str]] = {
    NoticeKind.PASSWORD_RESET: {},
    NoticeKind.INVITATION: {"by": "Ada Azevedo"},
    NoticeKind.PASSWORD_CHANGED: {},
    NoticeKind.NEW_DEVICE: {"device": "Firefox, Windows", "address": "198.51.100.7"},
    NoticeKind.SECOND_FACTOR_CHANGED: {"change": "added"},
    NoticeKind.CASE_ALERT: {"hotel": "Casa do Tejo Lisboa"},
    NoticeKind.DUTY_CALL: {"hotel": "Casa do Tejo Lisboa", "what": "urgent", "room": "412"},
    NoticeKind.WARNING: {"hotel": "Casa do Tejo Lisboa", "what": "complaints"},
    NoticeKind.REPORT: {"hotel": "Casa do Tejo Lisboa", "period": "October 2026"},
    NoticeKind.TEMPLATE_TEST: {},
}


def smtp(port: int) -> SmtpSender:
    mail = MailSettings("loop@casa.example.com", "loop.casa.example.com")
    return SmtpSender(SmtpSettings("127.0.0.1", port, mail, security="none", timeout=PATIENCE))


class StaffMail(ServiceHarness):
    subscriptions = SUBSCRIPTIONS

    def __init__(self, database: Database, **providers: Sender) -> None:
        super().__init__(database)
        self.config = Config(origin=ORIGIN)
        self.role = self.another_role(**providers)

    def another_role(self, **providers: Sender) -> NoticesRole:
        return NoticesRole(self.database, self.config, providers)

    def ask(self, kind: NoticeKind = NoticeKind.PASSWORD_RESET, *, at: datetime = NOW, **more: Any) -> UUID:
        """Asked for at that instant; the notice's id."""
        asked = self.asked(kind, at=at, **more)
        self.hear_at(at, chunk_of([asked]))
        return asked.notice_id

    def asked(
        self, kind: NoticeKind = NoticeKind.PASSWORD_RESET, *, at: datetime = NOW, **more: Any
    ) -> NoticeRequested:
        address = more.pop("to", MARTA)
        told: dict[str, Any] = {
            "notice_id": uuid4(),
            "version": 1,
            "kind": kind,
            "channel": Channel.EMAIL,
            "language": "en",
            "link": uuid4() if kind in (NoticeKind.PASSWORD_RESET, NoticeKind.INVITATION) else None,
            "page": "/feedback/cases/1" if kind in (NoticeKind.CASE_ALERT, NoticeKind.DUTY_CALL) else None,
            "details": {"name": "Marta Marques", **DETAILS[kind]},
            "useful_until": at + timedelta(minutes=30),
            "occurred_at": at,
            **more,
        }
        return NoticeRequested(address=self.database.keyring.seal(address, Sealing.NOTICE), **told)

    def work(self, at: datetime = NOW) -> None:
        while self.role.step(at):
            pass

    def states(self) -> list[tuple[str, str | None]]:
        return self.all("select state, reason from notice order by requested_at, notice_id")

    def outcomes(self) -> list[tuple[str, str | None]]:
        return [(each["state"], each["reason"]) for each in self.published("notice.settled.v1")]
