"""A hotel with a duty list: who is called, what became of it, and what the clock does."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from services.feedback.clock import Alerts
from services.feedback.commands.cases import Opening, open_case
from services.feedback.commands.staff.settings import add_to_list
from services.feedback.config import Config
from services.feedback.service import SERVICE
from shared.events.dictionary import chunk_of
from shared.events.messaging import NoticeSettled
from shared.ids import make_id
from shared.vocabulary.case import CaseKind, CaseReason
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeKind, NoticeReason, NoticeState
from tests.cast import ANA, DINA, FILIPA, NOW, Member
from tests.feedback.cast import Feedback
from tests.web import Browser, browser

NUMBERS = {DINA: "+351910000101", FILIPA: "+351910000102"}


class Duty(Feedback):
    """At Lisbon Dina is called first, then Filipa."""

    def list_of(self, *members: Member, hotel: str = "LIS", **more: Any) -> None:
        for member in members:
            self.on_duty(member.name, person=member, hotel=hotel, number=NUMBERS.get(member, ""), **more)

    def on_duty(self, name: str, *, person: Member | None = None, hotel: str = "LIS", **more: Any) -> UUID:
        number = make_id("member", hotel, name)
        values = {"id": number, "person": person.person_id if person else None, "number": "", "quiet_from": None}
        values |= {"email": f"{name.split()[0].lower()}@casa.example.com", "quiet_until": None, "wakes": True, **more}
        with self.tx() as tx:
            assert add_to_list(tx, hotel, values, name)
        return number

    def complaint(self, ref: str = "1", *, at: datetime = NOW, **more: Any) -> UUID:
        told: dict[str, Any] = {"guest_id": ANA, "reason": CaseReason.DESK, "kind": CaseKind.COMPLAINT, "level": 2}
        with self.tx() as tx:
            return open_case(tx, Opening(ref=ref, **{**told, "property": "LIS", "by": "Filipa Faria", **more}), at)

    def called(self) -> list[tuple[str, str]]:
        """Who was called, and by what, in order."""
        asked = self.published("notice.requested.v1")
        return [(each["details"]["name"].split()[0], each["channel"]) for each in asked]

    def settle(self, at: datetime, state: NoticeState, *, version: int = 3, channel: str = "", last: int = 1) -> None:
        """Messaging says what became of the last notices (of a channel) that were asked for."""
        asked = [one for one in self.published("notice.requested.v1") if channel in ("", one["channel"])][-last:]
        reason = NoticeReason.BAD_ADDRESS if state is NoticeState.FAILED else None
        settled = [
            NoticeSettled(
                notice_id=UUID(one["notice_id"]),
                version=version,
                kind=NoticeKind.DUTY_CALL,
                channel=Channel(one["channel"]),
                state=state,
                reason=reason,
                occurred_at=at,
            )
            for one in asked
        ]
        self.hear_at(at, chunk_of(settled))

    def tick(self, at: datetime) -> None:
        role = Alerts(self.database)
        while role.step(at):
            pass

    def as_(self, who: Member, at: datetime = NOW) -> Browser:
        return browser(SERVICE.build_web, Config(), self.database, who, at=at)


def hour(number: int) -> time:
    return time(number)
