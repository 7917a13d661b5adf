"""Broadcasts: written, sent at their hour, stopped."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from services.campaigns.commands.drafts import begin_draft, draft_of
from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.rules.broadcasts import BOOKED_WITHIN, Broadcast, Repeat, document_of
from services.campaigns.rules.entries import EARLIEST_MESSAGE
from services.campaigns.schemas import validated
from services.campaigns.store import broadcasts as store
from services.campaigns.store import drafts, journeys
from services.campaigns.store.calendars import zone_of_hotel
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.localtime import local_instant

COUNTED = timedelta(days=2 * BOOKED_WITHIN)  # after its last day a broadcast is over


def write_broadcast(tx: Tx, key: str | None, name: str, one: Broadcast, at: datetime, by: str) -> str:
    """Its key: a new one, or that of the draft that is written anew. Raises `InputError` by field."""
    if key is None:
        key = begin_draft(tx, name, "", at, by)
        store.mark_broadcast(tx, key)
    row = journeys.lock_journey(tx, key)
    if row is None or not store.is_broadcast(tx, key):
        raise NotFound(f"there is no broadcast «{key}»")
    if row.state != "draft":
        raise Conflict("what was planned is not changed any more: stop it and write another")
    drafts.keep(tx, key, validated(document_of(key, name, one)), at, by)
    journeys.call_it(tx, key, name, at)
    return key


def plan_broadcast(tx: Tx, key: str, at: datetime, by: str) -> int:
    """From now on it is sent at its hour; the version it has. Raises `InputError` where its hour is past anywhere."""
    row = journeys.lock_journey(tx, key)
    if row is None or not store.is_broadcast(tx, key):
        raise NotFound(f"there is no broadcast «{key}»")
    if row.state != "draft":
        raise Conflict("it is planned already")
    document = validated(draft_of(tx, key))
    entry = document["entry"]
    if Repeat.ONCE in entry["calendar"]:
        first = earliest(tx, date.fromisoformat(entry["calendar"]["once"]), entry["hour"], entry.get("hotel"))
        if first < at + EARLIEST_MESSAGE:
            raise InputError(problems={"day": "past"})
    store.end_those_over(tx, at - COUNTED)
    version = publish(tx, document, at, by)
    drafts.drop(tx, key)
    return launch(tx, key, at=at, by=by, version=version)


def earliest(tx: Tx, day: date, hour: str, hotel: str | None) -> datetime:
    """When that hour comes first: at the hotel, or to one of the places where guests live."""
    zones = [zone_of_hotel(tx, hotel) or "UTC"] if hotel else store.guest_zones(tx) or ["UTC"]
    return min(local_instant(day, time.fromisoformat(hour), zone) for zone in zones)
