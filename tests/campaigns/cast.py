"""The cast of the campaigns tests: journeys at work on a real database, and those who speak to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.campaigns.clock import Timers
from services.campaigns.commands.launch import launch
from services.campaigns.consumer import SUBSCRIPTIONS
from services.campaigns.shipped import install_shipped
from shared.database.pool import Database
from shared.events import Chunk, chunk_of
from shared.events.feedback import CaseOpened, SurveyAnswered
from shared.events.messaging import (
    MessageClicked,
    MessageFailed,
    MessageHeld,
    MessageSent,
    MessageSkipped,
    PublishedReceipt,
)
from shared.events.segments.audiences import AudienceChanged
from shared.events.segments.stays import (
    StayBooked,
    StayCancelled,
    StayChanged,
    StayCheckedIn,
    StayCheckedOut,
    StayNoShow,
    StayReinstated,
)
from shared.ids import make_id
from shared.vocabulary.case import CaseKind
from shared.vocabulary.channel import Channel
from shared.vocabulary.stay import StayStatus
from tests.cast import ANA
from tests.harness import ServiceHarness, off_the_wire

LISBON, BERLIN, NEW_YORK = "Europe/Lisbon", "Europe/Berlin", "America/New_York"
AS_SIMULATED: dict[str, dict[str, Any]] = {
    "birthday": {"holdout": 0},
    "win-back": {"holdout": 0, "entry/audience": "lapsed-3-months"},
}
STAY_EVENTS = {
    "booked": StayBooked,
    "changed": StayChanged,
    "cancelled": StayCancelled,
    "checked_in": StayCheckedIn,
    "checked_out": StayCheckedOut,
    "no_show": StayNoShow,
    "reinstated": StayReinstated,
}
MESSAGE_EVENTS = {"sent": MessageSent, "skipped": MessageSkipped, "held": MessageHeld, "failed": MessageFailed}


def instant(text: str) -> datetime:
    """«2016-03-01 10:00» in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stay_id(reservation: str, hotel: str = "LIS") -> UUID:
    return make_id("stay", "cast", hotel, reservation)


def audience(
    guest: UUID,
    version: int,
    entered: bool,
    at: str,
    *,
    segment: str = "lapsed-3-months",
    because: Mapping[str, Any] | None = None,
    zone: str = BERLIN,
    initial: bool = False,
    republished: bool = False,
) -> Chunk:
    event = AudienceChanged(
        guest_id=guest,
        segment=segment,
        version=version,
        entered=entered,
        initial=initial,
        at=instant(at),
        zone=zone,
        because=dict(because or {"kind": "time"}),
    )
    return off_the_wire(chunk_of([event], republished=republished))


def lapse(kind: str = "time", what: str | None = None, reservation: str = "R1", hotel: str = "LIS") -> dict[str, Any]:
    """Why a guest entered «lapsed»: a border of time, or a stay of theirs."""
    last = {"stay_id": str(stay_id(reservation, hotel)), "reservation": reservation, "property": hotel}
    said = {"kind": kind, "what": what} if what else {"kind": kind}
    return {**said, "last_stay": {**last, "checked_out_on": "2016-03-01"}}


def birthday(day: str) -> dict[str, Any]:
    return {"kind": "time", "birthday": day}


def stay(
    what: str,
    version: int,
    *,
    status: str | None = None,
    at: str = "2016-03-01 12:00",
    checked_out_at: str | None = None,
    guest: UUID = ANA,
    reservation: str = "R1",
    hotel: str = "LIS",
    zone: str = LISBON,
    republished: bool = False,
    days: tuple[str, str] = ("2016-02-28", "2016-03-01"),
    booked_at: str = "2016-01-01 06:00",
    **more: Any,
) -> Chunk:
    """A stay's event; it tells of `at`, and carries the whole state. `days`: of its arrival and departure."""
    standing = status or ("booked" if what in ("reinstated", "changed") else what)
    out = checked_out_at or (at if what == "checked_out" else None)
    ended = standing in ("cancelled", "no_show")
    event = STAY_EVENTS[what](
        stay_id=stay_id(reservation, hotel),
        version=version,
        guest_id=guest,
        property=hotel,
        zone=zone,
        reservation=reservation,
        status=StayStatus(standing),
        booked_at=instant(at) if what == "booked" else instant(booked_at),
        arrival=date.fromisoformat(days[0]),
        departure=date.fromisoformat(days[1]),
        checked_in_at=instant(f"{days[0]} 15:00") if standing in ("checked_in", "checked_out") else None,
        checked_out_at=instant(out) if standing == "checked_out" and out else None,
        ended_at=instant(at) if ended else None,
        nights=(date.fromisoformat(days[1]) - date.fromisoformat(days[0])).days,
        booking_channel=more.pop("channel", None),
        muted=False,
        occurred_at=instant(at),
        **more,
    )
    return off_the_wire(chunk_of([event], republished=republished))


def outcome(
    message: Mapping[str, Any], state: str, version: int, at: str, reason: str | None = None, **more: Any
) -> Chunk:
    """What messaging says of a message, given its request."""
    event = MESSAGE_EVENTS[state](
        message_id=UUID(message["message_id"]),
        version=version,
        guest_id=UUID(message["guest_id"]),
        journey=message["journey"],
        journey_version=message["journey_version"],
        step=message["step"],
        occurrence=message["occurrence"],
        purpose=message["purpose"],
        property=message["property"],
        stay_id=None,
        channel="email",
        state=state,
        reason=reason,
        held_until=None,
        occurred_at=instant(at),
        **more,
    )
    return off_the_wire(chunk_of([event]))


def receipt(message: Mapping[str, Any], kind: type[PublishedReceipt], version: int, at: str) -> Chunk:
    """What became of a message that was sent, given its request."""
    return off_the_wire(chunk_of([kind(**_of(message), version=version, reason=None, occurred_at=instant(at))]))


def survey_answered(*number: object, at: str, guest: UUID = ANA, score: int = 9, **more: Any) -> SurveyAnswered:
    """`number`: what makes it another answer. `more`: fields that it has otherwise."""
    told = {"version": 1, "stay_id": None, "property": "LIS", "comment": None, "channel": Channel.EMAIL, **more}
    return SurveyAnswered(
        answer_id=make_id("answer", *number), guest_id=guest, score=score, answered_at=instant(at), **told
    )


def click(message: Mapping[str, Any], link: int, at: str) -> Chunk:
    told: dict[str, Any] = {"link": link, "version": 1, "target": "https://hotel.example/spa"}
    return off_the_wire(chunk_of([MessageClicked(**_of(message), **told, occurred_at=instant(at))]))


def _of(message: Mapping[str, Any]) -> dict[str, Any]:
    names = ("journey", "journey_version", "step", "occurrence", "purpose", "property")
    numbers = {name: UUID(message[name]) for name in ("message_id", "guest_id")}
    return {**numbers, **{name: message[name] for name in names}, "stay_id": None, "channel": "email"}


class Campaigns(ServiceHarness):
    """The service as its doors see it."""

    subscriptions = SUBSCRIPTIONS

    def hear(self, chunk: Chunk, at: str | None = None) -> None:
        self.hear_at(instant(at) if at else told_at(chunk), chunk)

    def tick(self, at: str) -> int:
        return Timers(self.database, most=2000).step(instant(at))

    def next_due(self) -> datetime | None:
        return Timers(self.database, most=2000).next_due()

    def run(self, until: str) -> None:
        """Let time pass: each timer at its instant."""
        while (due := self.next_due()) is not None and due <= instant(until):
            assert Timers(self.database, most=2000).step(due) > 0

    def requested(self) -> list[dict[str, Any]]:
        return self.published("message.requested.v1")

    def due_at(self) -> list[str]:
        """When each message asked for was due."""
        return [str(message["due_at"]).replace("T", " ")[:16] for message in self.requested()]

    def withdrawn(self) -> list[dict[str, Any]]:
        return self.published("message.withdrawn.v1")

    def enrolments(self) -> list[tuple[Any, ...]]:
        """Occurrence, plan, state and timer of those not merely left behind."""
        return self.all(
            "select occurrence, plan, state, due_at from enrolment where state <> 'exited' order by occurrence"
        )


def told_at(chunk: Chunk) -> datetime:
    name = next(name for name in ("at", "answered_at", "occurred_at") if name in chunk.columns)
    latest: datetime = max(datetime.fromisoformat(value) for value in chunk[name])
    return latest


def at_work(
    database: Database,
    *,
    at: str = "2015-06-01 00:00",
    entries_from: date | None = None,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    only: Sequence[str] = ("birthday", "post-stay-survey", "win-back"),
) -> Campaigns:
    """The shipped journeys, launched as a simulation does."""
    with database.transaction() as tx:
        install_shipped(tx, instant(at), overrides=AS_SIMULATED if overrides is None else overrides)
        for key in only:
            launch(tx, key, at=instant(at) - timedelta(minutes=10), by="marketer", entries_from=entries_from)
    return Campaigns(database)


def complaint(at: str) -> Chunk:
    event = CaseOpened(
        case_id=make_id("case", at),
        version=1,
        guest_id=ANA,
        stay_id=None,
        property="LIS",
        kind=CaseKind.COMPLAINT,
        level=1,
        open=True,
        occurred_at=instant(at),
    )
    return off_the_wire(chunk_of([event]))
