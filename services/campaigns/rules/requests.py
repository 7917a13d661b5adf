"""What a journey asks of others: the message of a step, as messaging hears it, and the segments of its dates."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.absence import wants_of
from services.campaigns.rules.advance import Asking, Due
from services.campaigns.rules.entries import KEPT
from services.campaigns.rules.journey import Journey
from services.campaigns.rules.moving_on import CAME_BY
from services.campaigns.steps.anchors import OF_STAYS, is_own
from services.campaigns.steps.conditions import DETAILS
from services.campaigns.steps.entries import DateEntry
from shared.events.campaigns import DateAudience
from shared.ids import draw, make_id
from shared.vocabulary.purpose import Purpose

NOT_TOLD = frozenset({"cause", "day", KEPT, CAME_BY, DETAILS, *OF_STAYS})
"""Of what an enrolment knows: messaging knows the stay itself."""
REQUEST_VERSION, WITHDRAWAL_VERSION = 1, 2  # of a message, as campaigns speaks of it


def message_id(due: Due, asking: Asking) -> UUID:
    return make_id("message", due.journey, asking.send.key, due.guest_id, due.occurrence, due.plan)


def request_row(
    id_: UUID, journey: Journey, due: Due, asking: Asking, requested_at: datetime, house_share: int = 0
) -> tuple[object, ...]:
    """In the order of `MessageRequested`'s fields. `house_share`: per cent of guests that no offer reaches."""
    send = asking.send
    return (
        id_,
        REQUEST_VERSION,
        due.guest_id,
        due.journey,
        due.version,
        send.key,
        due.occurrence,
        due.plan,
        list(send.channels),
        journey.purpose,
        journey.priority,
        send.template,
        due.property,
        due.stay_id,
        due.zone,
        asking.due_at,
        journey.hour_before(asking.place),
        asking.due_at + send.useful_for,
        wants_of(journey, send.wants),
        holdout_of(journey, due.guest_id, house_share),
        values_of(due, asking),
        requested_at,
    )


def values_of(due: Due, asking: Asking) -> dict[str, Any]:
    """What messaging is told of the enrolment, and the offer that its steps gave."""
    known = {name: value for name, value in due.data.items() if name not in NOT_TOLD and not is_own(name)}
    return {**known, "offer": asking.offer} if asking.offer else known


def dates_of(journey: Journey) -> list[DateAudience]:
    """The segments that segments makes for the journey."""
    entry = journey.entry
    if not isinstance(entry, DateEntry) or not entry.derived:
        return []
    return [DateAudience(segment=entry.audience, date=entry.date, days=entry.days_ahead)]


def holdout_of(journey: Journey, guest: UUID, house_share: int) -> int:
    """Per cent of guests this message is kept from: all, where this guest is in the house's own control group."""
    return 100 if journey.purpose is Purpose.MARKETING and in_control_of_house(guest, house_share) else journey.holdout


def in_control_of_house(guest: UUID, share: int) -> bool:
    """The same guests every time and in every journey; more of them where the share grows, and the same ones still."""
    return draw("house", guest) % 100 < share
