"""A small hotel for messaging's tests: what it hears, as the bus would hand it over, and what it then does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from services.messaging.channels.sender import Outcome, Outgoing, Sender
from services.messaging.config import Config
from services.messaging.consumer import SUBSCRIPTIONS
from services.messaging.queries.guests.ledger import ledger
from services.messaging.sender_role import SenderRole
from services.messaging.service import SERVICE, sending
from services.messaging.store.sending.gate_rows import IS_A_CONTACT
from shared.bus.roles import Timed
from shared.clock import Clock, VirtualClock
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.events.campaigns import MessageRequested, MessageWithdrawn
from shared.events.console import PropertyChanged
from shared.events.contact import ConsentClaim, ContactPoint
from shared.events.dictionary import chunk_of
from shared.events.feedback import CaseOpened, OptoutRequested
from shared.events.segments.feeds import PropertyHeard
from shared.events.segments.guests import GuestChanged
from shared.events.segments.stays import (
    StayBooked,
    StayCancelled,
    StayChanged,
    StayCheckedIn,
    StayCheckedOut,
    StayNoShow,
    StayState,
)
from shared.ids import make_id
from shared.vocabulary.case import CaseKind
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.contact_point import PointClass
from shared.vocabulary.message import MessageState
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.stay import StayStatus
from tests.cast import ANA
from tests.harness import ServiceHarness

MONDAY = datetime(2016, 6, 6, 10, tzinfo=UTC)  # 11:00 in Lisbon; no holiday near in Portugal until the 10th
LONG_AGO = datetime(2016, 1, 4, 6, tzinfo=UTC)

STAY_EVENTS: dict[StayStatus, type[StayState]] = {
    StayStatus.BOOKED: StayBooked,
    StayStatus.CANCELLED: StayCancelled,
    StayStatus.NO_SHOW: StayNoShow,
    StayStatus.CHECKED_IN: StayCheckedIn,
    StayStatus.CHECKED_OUT: StayCheckedOut,
}


class Provider:
    """Takes messages as a provider would, and answers as it was told to."""

    name, is_sandbox = "provider", False

    def __init__(self, answer: MessageState = MessageState.SENT, **more: Any) -> None:
        self.taken: list[Outgoing] = []
        self.answer, self.more = answer, more

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        self.taken += batch
        return [Outcome(message_id=message.message_id, state=self.answer, **self.more) for message in batch]

    def rest(self) -> None:
        """Nothing is held open."""


class Hotel(ServiceHarness):
    subscriptions = SUBSCRIPTIONS

    def __init__(self, database: Database, sender: Sender | None = None, config: Config | None = None) -> None:
        super().__init__(database)
        self.keyring = database.keyring
        self.provider = sender or Provider()
        self.config = config or Config()
        self.service = replace(SERVICE, clocks=self._roles).build(self.config, database, VirtualClock(MONDAY))
        role = self.service.clocks[0]
        assert isinstance(role, SenderRole)
        self.sender: SenderRole = role

    def another_sender(self, provider: Sender | None = None) -> SenderRole:
        taker = provider or self.provider
        role = sending(self.database, self.config, dict.fromkeys(map(str, Channel), taker))[0]
        assert isinstance(role, SenderRole)
        return role

    def _roles(self, database: Database, config: Config, _clock: Clock) -> tuple[Timed, ...]:
        return sending(database, config, dict.fromkeys(map(str, Channel), self.provider))

    def hears(self, *subjects: Any, at: datetime = MONDAY) -> None:
        """Each run of subjects of one type is one chunk."""
        for _, run in groupby(subjects, key=type):
            self.hear_at(at, chunk_of(list(run)))

    def runs(self, at: datetime = MONDAY) -> None:
        """The sender works until nothing is due."""
        while self.sender.step(at):
            pass

    def lines(self) -> list[dict[str, Any]]:
        with self.database.transaction() as tx:
            return list(ledger(tx))

    def outcomes(self) -> list[tuple[str, str | None]]:
        return [(line["state"], line["reason"]) for line in self.lines()]

    def state_of(self, message: MessageRequested) -> str:
        return str(self.one("select state from delivery where message_id = %s", message.message_id))

    def contacts(self, *messages: UUID) -> int:
        """How many messages (of these, where some are named) count against the cap."""
        query = f"select count(*) from delivery where claimed_at is not null and {IS_A_CONTACT}"
        return int(self.one(f"{query} and (%s or message_id = any(%s))", not messages, list(messages)))

    def said(self) -> list[tuple[str, str, dict[str, Any]]]:
        """What messaging published: type, lane and body, in order."""
        return [(name, lane, chunk.columns) for name, lane, chunk in self.outbox()]


def email(
    keyring: KeyRing, address: str, kind: PointClass = PointClass.PERSONAL, stay: UUID | None = None
) -> ContactPoint:
    return _point(keyring, "email", address, kind, stay)


def mobile(keyring: KeyRing, number: str, kind: PointClass = PointClass.PERSONAL) -> ContactPoint:
    return _point(keyring, "sms", number, kind, None)


def _point(keyring: KeyRing, channel: str, address: str, kind: PointClass, stay: UUID | None) -> ContactPoint:
    return ContactPoint(
        channel=channel,
        point=keyring.index(channel, address),
        address=keyring.seal(address, Sealing.CONTACT),
        kind=kind,
        stay_id=stay,
    )


def claim(channel: str, state: ClaimedConsent = ClaimedConsent.EXPRESS, **more: Any) -> ConsentClaim:
    told = {"said_at": LONG_AGO, "source_ref": "LIS-000001", **more}
    return ConsentClaim(channel=channel, state=state, **told)


def guest(guest_id: UUID = ANA, **more: Any) -> GuestChanged:
    told: dict[str, Any] = {
        "guest_id": guest_id,
        "version": 1,
        "title": "Ms",
        "given_name": "Ana",
        "family_name": "Silva",
        "birth_date": date(1980, 6, 13),
        "language": "en",
        "country": "PT",
        "home_zone": "Europe/Lisbon",
        "home_property": "LIS",
        "tier": None,
        "tags": [],
        "points": [],
        "consents": [claim("email"), claim("sms")],
        "do_not_contact": None,
        "occurred_at": LONG_AGO,
    }
    return GuestChanged(**{**told, **more})


def lisbon(**more: Any) -> PropertyChanged:
    told: dict[str, Any] = {
        "code": "LIS",
        "version": 1,
        "name": "Casa do Rio",
        "zone": "Europe/Lisbon",
        "country": "PT",
        "legal_entity": "Casa do Rio, Lda.",
        "postal_address": "Rua das Flores 1, 1200-001 Lisboa",
        "contact": "ola@casa.example.com",
        "told_of_survey": True,
        "survey_threshold": 6,
        "occurred_at": LONG_AGO,
    }
    return PropertyChanged(**{**told, **more})


def stay(reservation: str, guest_id: UUID = ANA, status: StayStatus = StayStatus.CHECKED_OUT, **more: Any) -> StayState:
    """From 1 to 5 June, checked out at noon in Lisbon, unless told otherwise."""
    there = status in (StayStatus.CHECKED_IN, StayStatus.CHECKED_OUT)
    told: dict[str, Any] = {
        "stay_id": stay_id(reservation),
        "version": 1,
        "guest_id": guest_id,
        "property": "LIS",
        "zone": "Europe/Lisbon",
        "reservation": reservation,
        "status": status,
        "booked_at": LONG_AGO,
        "arrival": date(2016, 6, 1),
        "departure": date(2016, 6, 5),
        "checked_in_at": datetime(2016, 6, 1, 14, tzinfo=UTC) if there else None,
        "checked_out_at": datetime(2016, 6, 5, 11, tzinfo=UTC) if status is StayStatus.CHECKED_OUT else None,
        "ended_at": None,
        "nights": 4,
        "booking_channel": "Direct",
        "muted": False,
        "occurred_at": MONDAY - timedelta(hours=1),
    }
    return STAY_EVENTS[status](**{**told, **more})


def changed(state: StayState, **more: Any) -> StayChanged:
    return StayChanged(**{**{name: getattr(state, name) for name in state.__dataclass_fields__}, **more})


def heard(at: datetime, code: str = "LIS") -> PropertyHeard:
    """The hotel's data came, and changed nothing."""
    return PropertyHeard(property=code, version=int(at.timestamp()), heard_at=at)


def stay_id(reservation: str) -> UUID:
    return make_id("stay", reservation)


def birthday(guest_id: UUID = ANA, **more: Any) -> MessageRequested:
    return _request("birthday", guest_id, occurrence="birthday:2016", priority=20, channels=["email"], **more)


def win_back(guest_id: UUID = ANA, **more: Any) -> MessageRequested:
    wants = ["no_future_booking", "absence", "once_a_household"]
    told = {"property": "LIS", "occurrence": "lapse:LIS-000001", "wants": wants, "channels": ["email", "sms"]}
    return _request("win-back", guest_id, priority=10, **{**told, **more})


def survey(reservation: str = "LIS-000001", guest_id: UUID = ANA, **more: Any) -> MessageRequested:
    told = {
        "occurrence": f"stay:{reservation}",
        "stay_id": stay_id(reservation),
        "property": "LIS",
        "purpose": Purpose.FEEDBACK,
        "channels": ["email", "sms"],
    }
    return _request("post-stay-survey", guest_id, priority=0, **{**told, **more})


def _request(journey: str, guest_id: UUID, **more: Any) -> MessageRequested:
    due = more.get("due_at", MONDAY)
    told: dict[str, Any] = {
        "version": 1,
        "guest_id": guest_id,
        "journey": journey,
        "journey_version": 1,
        "step": "send",
        "plan": 1,
        "purpose": Purpose.MARKETING,
        "template": journey,
        "property": None,
        "stay_id": None,
        "zone": "Europe/Lisbon",
        "due_at": due,
        "local_time": "10:00",
        "useful_until": due + timedelta(days=7),
        "wants": [],
        "holdout": 0,
        "values": {},
        "requested_at": due,
        **more,
    }
    told.setdefault("message_id", make_id("message", journey, told["guest_id"], told["occurrence"], told["plan"]))
    return MessageRequested(**told)


def withdrawn(message: MessageRequested, **more: Any) -> MessageWithdrawn:
    told = {"version": 2, "reason": "booked", "withdrawn_at": MONDAY, **more}
    return MessageWithdrawn(message_id=message.message_id, guest_id=message.guest_id, **told)


def stop(keyring: KeyRing, channel: str, address: str, scope: str = "channel", **more: Any) -> OptoutRequested:
    told: dict[str, Any] = {"guest_id": None, "source": "reply", "requested_at": MONDAY, **more}
    return OptoutRequested(
        optout_id=make_id("optout", channel, address, scope, told["requested_at"]),
        version=1,
        channel=Channel(channel),
        point=keyring.index(channel, address),
        scope=OptOutScope(scope),
        **told,
    )


def complaint(guest_id: UUID = ANA, opened_at: datetime = MONDAY - timedelta(days=2)) -> CaseOpened:
    return CaseOpened(
        case_id=make_id("case", guest_id),
        version=1,
        guest_id=guest_id,
        stay_id=None,
        property="LIS",
        kind=CaseKind.COMPLAINT,
        level=1,
        open=True,
        occurred_at=opened_at,
    )


def with_version(subject: Any, version: int, **more: Any) -> Any:
    return replace(subject, version=version, **more)
