"""The send gate: one function, asked in the claim and again at each release.

Final refusals come first, what reserves comes after, holds come last: nothing waits that will never go, and nothing
reserves what may still be refused. The first refusal wins. Of a request's channels the first that passes is taken and
is not held past the message's usefulness, else the reason of the one that came furthest is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.messaging.rules.answers import WANT, answer_in
from services.messaging.rules.facts import Guest, Point, Request, World
from services.messaging.rules.hours import permitted_from
from services.messaging.rules.refusals.permission import refusal_of_permission
from services.messaging.rules.refusals.points import best_point, refused_there
from services.messaging.rules.refusals.staleness import rests_on_stale_data
from services.messaging.rules.refusals.stops import is_stopped
from services.messaging.rules.refusals.trips import goes_on, surveyed
from services.messaging.rules.tally import Tally
from services.messaging.rules.window import is_closed
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import GATE, Reason
from shared.vocabulary.right import Right
from shared.vocabulary.stay import StayStatus

_PLACE = {reason: place for place, reason in enumerate(GATE)}
A_COMPLAINT_PAUSES_FOR = timedelta(days=30)
A_DAY = timedelta(days=1)
GOES_OR_WAITS = (MessageState.CLAIMED, MessageState.HELD)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate decides. `state`: claimed, held, skipped or expired. `sender`: the house's own that it is given to,
    chosen once the gate has let it pass."""

    state: MessageState
    language: str
    reason: Reason | None = None
    channel: str | None = None
    point: Point | None = None
    held_until: datetime | None = None
    sender: UUID | None = None


def judge(request: Request, guest: Guest, world: World, tally: Tally, now: datetime) -> Verdict:
    answer = answer_in(request)
    language = world.language_for(request.template, answer.language if answer else guest.language)
    refused = _of_the_guest(request, guest, now)
    if refused:
        return Verdict(MessageState.EXPIRED if refused is Reason.EXPIRED else MessageState.SKIPPED, language, refused)
    furthest = Verdict(MessageState.SKIPPED, language, Reason.NO_CONTACT_POINT)
    for channel in request.channels:
        verdict = _on_channel(request, guest, channel, language, world, tally, now)
        if verdict.reason is None:
            verdict = _when(request, guest, verdict, world, now)
        if verdict.state in GOES_OR_WAITS:
            return verdict
        assert verdict.reason is not None
        if furthest.reason is None or _PLACE[verdict.reason] > _PLACE[furthest.reason]:
            furthest = verdict
    return furthest


def _of_the_guest(request: Request, guest: Guest, now: datetime) -> Reason | None:
    stay = guest.stay(request.stay_id)
    if guest.do_not_contact:
        return Reason.DO_NOT_CONTACT
    if stay and stay.muted:
        return Reason.MUTED
    if guest.gone:
        return Reason.ERASED
    if refused := _by_right(request, guest):
        return refused
    if now > request.useful_until:
        return Reason.EXPIRED
    return None


def _by_right(request: Request, guest: Guest) -> Reason | None:
    """Restricted, only what a stay that is booked or under way needs is sent, and what the guest asked. An objection
    ends offers, whatever was agreed to before."""
    if Right.RESTRICTED in guest.rights and not (WANT in request.wants or _serves_a_stay(request, guest)):
        return Reason.RESTRICTED
    if Right.OBJECTS_TO_MARKETING in guest.rights and request.purpose == Purpose.MARKETING:
        return Reason.OBJECTED
    return None


def _serves_a_stay(request: Request, guest: Guest) -> bool:
    stay = guest.stay(request.stay_id)
    under_way = (StayStatus.BOOKED, StayStatus.CHECKED_IN)
    return request.purpose == Purpose.STAY_SERVICE and stay is not None and stay.status in under_way


def _on_channel(
    request: Request, guest: Guest, channel: str, language: str, world: World, tally: Tally, now: datetime
) -> Verdict:
    point = best_point(request, guest, channel)
    if isinstance(point, Reason):
        return Verdict(MessageState.SKIPPED, language, point, None if point is Reason.NO_CONTACT_POINT else channel)
    reason = (
        refused_there(request, point, world)
        or refusal_of_permission(request, guest, point, world, now)
        or _out_of_place(request, guest, point, language, world, tally, now)
        or tally.refusal(request, guest, point, now)
    )
    return Verdict(MessageState.SKIPPED if reason else MessageState.CLAIMED, language, reason, channel, point)


def _out_of_place(
    request: Request, guest: Guest, point: Point, language: str, world: World, tally: Tally, now: datetime
) -> Reason | None:
    """The gate's fourth step: what happens in the guest's stays and cases forbids it now, or its text does."""
    if request.purpose == Purpose.MARKETING and _complains(guest, now):
        return Reason.OPEN_COMPLAINT
    if request.purpose == Purpose.MARKETING and "in_house" not in request.wants and _has(guest, StayStatus.CHECKED_IN):
        return Reason.IN_HOUSE
    if "no_future_booking" in request.wants and _has(guest, StayStatus.BOOKED):
        return Reason.FUTURE_BOOKING
    stay = guest.stay(request.stay_id)
    if (
        request.purpose == Purpose.FEEDBACK
        and stay
        and (goes_on(stay, guest) or surveyed(stay, guest, tally.surveyed(request, guest)))
    ):
        return Reason.SAME_TRIP
    if world.lacks(request, guest, point.channel, language):
        return Reason.MISSING_VALUE
    if is_closed(request, point, language, world, now):
        return Reason.WINDOW_CLOSED
    return None


def _has(guest: Guest, status: StayStatus) -> bool:
    return any(stay.status == status for stay in guest.stays)


def _when(request: Request, guest: Guest, passed: Verdict, world: World, now: datetime) -> Verdict:
    """The gate's last step: go now, or wait as long as that leaves the message of use; never by this channel where
    that comes too late.

    What a person or an import ends waits for that, at most until the message is of no use: a stop, a reply that may be
    an objection and that nobody has read (but for stay service), stays not heard of for too long. A survey waits, day
    by day, while the guest has a complaint open.
    """
    assert passed.channel is not None and passed.point is not None
    if waits := _waits_for(request, guest, passed.point, world, now):
        until: datetime | None = request.useful_until if now < request.useful_until else None
    elif request.purpose == Purpose.FEEDBACK and _complains(guest, now):
        waits, until = Reason.OPEN_COMPLAINT, now + A_DAY
    else:
        waits = Reason.QUIET_HOURS
        until = permitted_from(request, guest, passed.channel, world, now, passed.point)
        if until == now:
            return passed
    if until is None or until > request.useful_until:
        return Verdict(MessageState.EXPIRED, passed.language, Reason.EXPIRED)
    return Verdict(MessageState.HELD, passed.language, waits, passed.channel, passed.point, until)


def _waits_for(request: Request, guest: Guest, point: Point, world: World, now: datetime) -> Reason | None:
    if guest.objection_unread and request.purpose != Purpose.STAY_SERVICE:
        return Reason.OBJECTION_UNREAD
    if is_stopped(request, guest, point, world):
        return Reason.STOPPED
    return Reason.STALE_DATA if rests_on_stale_data(request, world, now) else None


def _complains(guest: Guest, now: datetime) -> bool:
    return any(now - opened < A_COMPLAINT_PAUSES_FOR for opened in guest.complaints)
