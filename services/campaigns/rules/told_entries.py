"""From a sign-up or a hotel's own event to who is enrolled, and for which occurrence."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.entries import Entrance, Live, at_once, counts
from services.campaigns.steps.conditions import DETAILS
from services.campaigns.steps.entries import EventEntry, Occurrence, SignUpEntry
from shared.rows import row

SIGNED_UP = "guest.signed_up"
OWN_EVENT = "guest.event"


@row
class SignedUp:
    """A sign-up, as published."""

    guest_id: UUID
    form: str
    page: str
    property: str | None
    zone: str
    at: datetime


@row
class OwnEvent:
    """What a hotel's own system tells that happened, as published. `at`: when it happened."""

    event_id: UUID
    guest_id: UUID
    stay_id: UUID | None
    name: str
    property: str
    zone: str
    details: dict[str, Any]
    at: datetime


def by_sign_up(live: Live, signed: SignedUp) -> Entrance | None:
    """The entrance of somebody who signed up; once for a form, however often they sign it."""
    entry = live.journey.entry
    if not isinstance(entry, SignUpEntry) or not counts(live, signed.at, signed.zone):
        return None
    if entry.form not in (None, signed.form) or entry.hotel not in (None, signed.property):
        return None
    data = {"cause": SIGNED_UP, "form": signed.form, "page": signed.page}
    return at_once(live, signed, f"{Occurrence.SIGNUP}:{signed.form}", data, property=signed.property)


def by_event(live: Live, told: OwnEvent) -> Entrance | None:
    """The entrance of somebody to whom it happened; once for each event."""
    entry = live.journey.entry
    if not isinstance(entry, EventEntry) or entry.event != told.name or not counts(live, told.at, told.zone):
        return None
    if entry.hotel not in (None, told.property) or not (entry.where is None or entry.where.holds(told.details)):
        return None
    occurrence = f"{Occurrence.EVENT}:{told.event_id}"
    data = {"cause": OWN_EVENT, "event": told.name, **({DETAILS: told.details} if told.details else {})}
    return at_once(live, told, occurrence, data, property=told.property, stay_id=told.stay_id)
