"""From what happened to a guest to who is enrolled: once for each answer, case, message, use of an offer, tier and gain
of points.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.entries import Entrance, Live, at_once, counts
from services.campaigns.steps.entries import Occurrence
from services.campaigns.steps.happening_entry import (
    CLICKED,
    CLOSED,
    OF_ANSWERS,
    OF_OFFERS,
    OF_PROGRAMMES,
    OPENED,
    HappeningEntry,
)
from shared.rows import row

NAMED_BY: Mapping[str, str] = {
    **dict.fromkeys(OF_ANSWERS, "answer_id"),
    OPENED: "case_id",
    CLOSED: "case_id",
    CLICKED: "message_id",  # whoever opens two links of a message enters once
    **dict.fromkeys(OF_OFFERS, "redemption_id"),
    **dict.fromkeys(OF_PROGRAMMES, "version"),  # of the guest
}
"""What makes an occurrence of each its own."""


@row
class Happened:
    """What happened to a guest, as published. `told`: its columns. `since`: what must lie behind a journey's launch;
    of words that are understood, or corrected, long after they were written, the answer."""

    event: str
    guest_id: UUID
    zone: str
    at: datetime
    since: datetime
    told: dict[str, Any]


def by_happening(live: Live, one: Happened) -> Entrance | None:
    """The entrance of whom it happened to. What a journey's own messages bring about begins it for nobody."""
    entry, told = live.journey.entry, one.told
    if not isinstance(entry, HappeningEntry) or entry.happening != one.event or not counts(live, one.since, one.zone):
        return None
    if not entry.holds(told) or (one.event == CLICKED and told["journey"] == live.key):
        return None
    if one.event == CLOSED and told["merged_into"]:  # it goes on as another
        return None
    stay = told.get("stay_id")
    occurrence = f"{Occurrence.HAPPENING}:{one.event}:{told[NAMED_BY[one.event]]}"
    data = {"cause": one.event, **({"score": told["score"]} if told.get("score") is not None else {})}
    return at_once(live, one, occurrence, data, property=told.get("property"), stay_id=UUID(stay) if stay else None)
