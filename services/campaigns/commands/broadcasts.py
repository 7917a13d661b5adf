"""Broadcasts: written, sent at their hour, stopped."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from services.campaigns.commands.drafts import begin_draft, draft_of
from services.campaigns.commands.four_eyes import require_approval
from services.campaigns.commands.launch import launch, take_back_to_draft
from services.campaigns.commands.publish import publish
from services.campaigns.rules.broadcasts import BOOKED_WITHIN
from services.campaigns.rules.entries import EARLIEST_MESSAGE
from services.campaigns.steps.calendars import Once
from services.campaigns.steps.entries import CalendarEntry, entry_of
from services.campaigns.steps.kind import Document
from services.campaigns.store import broadcasts as store
from services.campaigns.store import drafts, four_eyes, journeys
from services.campaigns.store.calendars import zone_of_hotel
from shared.bus.outbox import publish as publish_events
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.events import chunk_of
from shared.events.campaigns import JourneyEnded

COUNTED = timedelta(days=2 * BOOKED_WITHIN)  # after its last day a broadcast is over


def begin_broadcast(tx: Tx, name: str, at: datetime, by: str) -> str:
    """Its key, made of the name."""
    key = begin_draft(tx, name, "", at, by)
    store.mark_broadcast(tx, key)
    return key


def write_broadcast(tx: Tx, document: Document, at: datetime, by: str, by_id: UUID | None = None) -> None:
    """Its draft as it is written now; `document` comes from `schemas`."""
    key = document["key"]
    if _state(tx, key) != "draft":
        raise Conflict("what was planned is not changed any more: stop it and write another")
    drafts.keep(tx, key, document, at, by, by_id)
    journeys.call_it(tx, key, document["name"], at)


def plan_broadcast(tx: Tx, document: Document, at: datetime, by: str) -> int:
    """From now on it is sent at its hour; the version it has. Raises `InputError` where its hour is past anywhere, or
    the house wants a second person's word and has none."""
    key, entry = document["key"], entry_of(document["entry"])
    if _state(tx, key) != "draft":
        raise Conflict("it is planned already")
    assert isinstance(entry, CalendarEntry)
    require_approval(tx, key)
    if isinstance(entry.calendar, Once) and earliest(tx, entry, entry.calendar.day) < at + EARLIEST_MESSAGE:
        raise InputError(problems={"day": "past"})
    _end_those_over(tx, at)
    version = publish(tx, document, at, by)
    drafts.drop(tx, key)
    return launch(tx, key, at=at, by=by, version=version)


def back_to_draft(tx: Tx, key: str, at: datetime, by: str, by_id: UUID | None = None) -> None:
    """What is planned is a draft again, as long as nobody is in it; a word of approval is to be asked for anew."""
    _state(tx, key)
    document = draft_of(tx, key)
    take_back_to_draft(tx, key, at=at)
    drafts.keep(tx, key, document, at, by, by_id)
    four_eyes.forget(tx, key)


def _end_those_over(tx: Tx, at: datetime) -> None:
    """So that what ran does not pile up; whoever keeps what they used is told."""
    over = store.end_those_over(tx, at - COUNTED, at)
    if over:
        ended = [JourneyEnded(journey=key, version=version, ended_at=at) for key, version in sorted(over)]
        publish_events(tx, chunk_of(ended), at=at)


def _state(tx: Tx, key: str) -> str:
    row = journeys.lock_journey(tx, key)
    if row is None or not store.is_broadcast(tx, key):
        raise NotFound(f"there is no broadcast «{key}»")
    return row.state


def earliest(tx: Tx, entry: CalendarEntry, day: date) -> datetime:
    """When its hour comes first that day: at the hotel, or to one of the places where guests live."""
    zones = [zone_of_hotel(tx, entry.hotel) or "UTC"] if entry.hotel else store.guest_zones(tx) or ["UTC"]
    return min(entry.instant(day, zone) for zone in zones)
