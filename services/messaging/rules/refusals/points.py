"""Which contact point serves a message, and whether anything may be sent there (the gate's second step)."""

from __future__ import annotations

from services.messaging.rules.answers import answer_in
from services.messaging.rules.facts import REFUSED, Guest, Point, Request, World
from shared.vocabulary.contact_point import PointClass
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import Reason


def best_point(request: Request, guest: Guest, channel: str) -> Point | Reason:
    """The best-ranked personal point; an OTA's alias serves its own stay only, and never marketing.

    An answer goes where the guest wrote from, to an alias too, as long as that is theirs or nobody's.
    """
    mine = [point for point in guest.points if point.channel == channel]
    if answer := answer_in(request):
        for point in mine:
            if point.point == answer.point and point.kind != REFUSED:
                return point
        if answer.address and all(point.point != answer.point for point in mine):
            return Point(channel, answer.point, answer.address, PointClass.PERSONAL)
    for point in mine:
        if point.kind == PointClass.PERSONAL:
            return point
    masked = [point for point in mine if point.kind == PointClass.MASKED]
    own = [point for point in masked if point.stay_id is not None and point.stay_id == request.stay_id]
    if own and request.purpose in (Purpose.FEEDBACK, Purpose.STAY_SERVICE):
        return own[0]
    if masked:
        return Reason.MASKED_ADDRESS
    return Reason.REFUSED_POINT if any(point.kind == REFUSED for point in mine) else Reason.NO_CONTACT_POINT


def refused_there(request: Request, point: Point, world: World) -> Reason | None:
    here = point.channel, point.point
    if not world.suppressed.isdisjoint(((*here, "all"), (*here, request.purpose))):
        return Reason.SUPPRESSED
    if here in world.refused:
        return Reason.REFUSED_POINT
    if point.point in world.resting and request.purpose != Purpose.STAY_SERVICE:
        return Reason.MAILBOX_FULL_AGAIN
    if not _has_sender(request, point, world):
        return Reason.NO_SENDER_FOR_COUNTRY
    return None


def _has_sender(request: Request, point: Point, world: World) -> bool:
    """The narrowest row decides; what no row allows is not sent."""
    country = world.country_of(point) or "*"
    for where in (country, "*"):
        for purpose in (request.purpose, "*"):
            allowed = world.may_send.get((point.channel, where, purpose))
            if allowed is not None:
                return allowed
    return False
