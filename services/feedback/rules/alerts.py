"""Who is called when something cannot wait: by the duty list, outside their quiet hours, until one answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from services.feedback.understanding.urgent import Urgency
from shared.localtime import local_date, local_instant
from shared.vocabulary.case import AlertReason, CaseKind, CaseReason
from shared.vocabulary.channel import Channel

ROUNDS = 2  # then nobody is called any more, and the home page says so
USEFUL_FOR = timedelta(hours=12)
EMERGENCY_ANSWERED_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class DutyMember:
    """Somebody on a duty list, or a telephone that several carry. `reached_by`: the channels there is an address for.

    `wakes`: an emergency reaches them in their quiet hours too.
    """

    member_id: UUID
    name: str
    zone: str
    reached_by: tuple[Channel, ...]
    quiet_from: time | None = None
    quiet_until: time | None = None
    wakes: bool = True


@dataclass(frozen=True, kw_only=True)
class CallTurn:
    """`called`: whom to call now; `next_at`: when it is looked at again, None, never. `turn`: the alert's, after it."""

    called: Sequence[DutyMember]
    next_at: datetime | None
    turn: int


BECAUSE = {Urgency.EMERGENCY: AlertReason.EMERGENCY, Urgency.URGENT: AlertReason.URGENT}


def why_alert(kind: CaseKind, reason: CaseReason, level: int, urgency: Urgency, from_level: int) -> AlertReason | None:
    """Why somebody is called of a new case; None where it can wait for its deadline."""
    if urgency in BECAUSE:
        return BECAUSE[urgency]
    if kind is CaseKind.COMPLAINT:
        return AlertReason.COMPLAINT
    if reason is CaseReason.SCORE and level >= from_level:
        return AlertReason.LOW_SCORE
    return None


def next_turn(
    members: Sequence[DutyMember], because: AlertReason, turn: int, answer_within: timedelta, now: datetime
) -> CallTurn:
    """Whom to call after `turn` calls. An emergency calls everybody who may be called, at once.

    The list is gone through twice; somebody in quiet hours is passed over, and where only such are left the next call
    waits for the first of them to be back.
    """
    is_emergency = because is AlertReason.EMERGENCY
    if not members or turn >= ROUNDS * len(members):
        return CallTurn(called=(), next_at=None, turn=turn)
    free = [is_free(one, now) or (is_emergency and one.wakes) for one in members]
    if is_emergency and any(free):
        called = [one for one, is_there in zip(members, free, strict=True) if is_there]
        after = (turn // len(members) + 1) * len(members)  # a whole round
        return CallTurn(called=called, next_at=now + min(answer_within, EMERGENCY_ANSWERED_WITHIN), turn=after)
    left = [members[place % len(members)] for place in range(turn, ROUNDS * len(members))]
    for place, one in enumerate(left, turn + 1):
        if is_free(one, now):
            return CallTurn(called=(one,), next_at=now + answer_within, turn=place)
    return CallTurn(called=(), next_at=min(back_at(one, now) for one in left), turn=turn)


def is_free(member: DutyMember, now: datetime) -> bool:
    """Whether it is outside the member's quiet hours, by the hotel's clock."""
    if member.quiet_from is None or member.quiet_until is None or member.quiet_from == member.quiet_until:
        return True  # a whole day of quiet hours would never end
    start, end = _quiet(member, now)
    return not start <= now < end


def back_at(member: DutyMember, now: datetime) -> datetime:
    """When the member's quiet hours end; now where it has none at this moment."""
    return now if is_free(member, now) else _quiet(member, now)[1]


def _quiet(member: DutyMember, now: datetime) -> tuple[datetime, datetime]:
    """The quiet hours that are under way, else the next ones. They may pass midnight."""
    assert member.quiet_from is not None and member.quiet_until is not None
    today = local_date(now, member.zone)
    spans = [_span(member.quiet_from, member.quiet_until, member.zone, days, today) for days in (-1, 0, 1)]
    return next((start, end) for start, end in spans if now < end)


def _span(start: time, end: time, zone: str, days: int, today: date) -> tuple[datetime, datetime]:
    day = today + timedelta(days=days)
    until = day if start < end else day + timedelta(days=1)
    return local_instant(day, start, zone), local_instant(until, end, zone)
