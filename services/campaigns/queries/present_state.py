"""What campaigns republishes where a subscriber must be filled anew: sources for `shared.bus.republish`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.advance import Asking, Due
from services.campaigns.rules.journey import Journey
from services.campaigns.rules.offers import offer_at
from services.campaigns.rules.requests import WITHDRAWAL_VERSION, dates_of, request_row
from services.campaigns.steps.send import Send
from services.campaigns.store.holdout import share_of_house
from services.campaigns.store.journeys import documents_of
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of_rows
from shared.events.campaigns import JourneyEntered, JourneyLaunched, MessageRequested, MessageWithdrawn

Key = tuple[Any, ...]


@dataclass(frozen=True)
class OpenRow:
    message_id: UUID
    requested_at: datetime
    id: UUID
    journey: str
    version: int
    guest_id: UUID
    occurrence: str
    plan: int
    step: str
    due_at: datetime
    entered_at: datetime
    zone: str
    property: str | None
    stay_id: UUID | None
    data: dict[str, Any]
    offers: dict[str, str]


def open_requests(tx: Tx, after: Key | None, most: int) -> Chunk:
    """Messages asked for that have neither a final answer nor been taken back."""
    rows = tx.rows(
        OpenRow,
        """
        select message.id as message_id, requested_at, enrolment.id, journey, enrolment.version, guest_id, occurrence,
               message.plan, message.step, message.due_at, entered_at, zone, property, stay_id, data, offers
        from message join enrolment on enrolment.id = enrolment_id
        where withdrawn_at is null and settled_at is null and (%(after)s::uuid is null or message.id > %(after)s)
        order by message.id limit %(most)s
        """,
        {"after": after[0] if after else None, "most": most},
    )
    documents = documents_of(tx, ((row.journey, row.version) for row in rows)) if rows else {}
    share = share_of_house(tx) if rows else 0
    return chunk_of_rows(MessageRequested, [_request(row, documents[row.journey, row.version], share) for row in rows])


def _request(row: OpenRow, journey: Journey, share: int) -> tuple[object, ...]:
    place = journey.places[row.step]
    send = journey.steps[place]
    assert isinstance(send, Send)
    due = Due(
        id=row.id,
        journey=row.journey,
        version=row.version,
        guest_id=row.guest_id,
        occurrence=row.occurrence,
        plan=row.plan,
        step=row.step,
        due_at=row.due_at,
        entered_at=row.entered_at,
        zone=row.zone,
        property=row.property,
        stay_id=row.stay_id,
        data=row.data,
        ended=None,
    )
    asking = Asking(send, place, row.due_at, offer=offer_at(journey, place, row.offers))
    return request_row(row.message_id, journey, due, asking, row.requested_at, share)


def withdrawals(tx: Tx, after: Key | None, most: int) -> Chunk:
    """Messages taken back that have no final answer: tombstones that must not be lost."""
    rows = tx.execute(
        """
        select message.id, %(version)s::int, guest_id, coalesce(enrolment.reason, 'planned_anew'), withdrawn_at
        from message join enrolment on enrolment.id = enrolment_id
        where withdrawn_at is not null and settled_at is null and (%(after)s::uuid is null or message.id > %(after)s)
        order by message.id limit %(most)s
        """,
        {"after": after[0] if after else None, "most": most, "version": WITHDRAWAL_VERSION},
    )
    return chunk_of_rows(MessageWithdrawn, rows.fetchall())


def launches(tx: Tx, after: Key | None, most: int) -> Chunk:
    """Journeys that run, with the audiences they listen to."""
    rows = tx.execute(
        """
        select key, live_version, launched_at, launched_by, name from journey
        where state in ('live', 'paused')
          and (%(after)s::text is null or (key, live_version) > (%(after)s, %(version)s::int))
        order by key, live_version limit %(most)s
        """,
        {"after": after[0] if after else None, "version": after[1] if after else None, "most": most},
    ).fetchall()
    documents = documents_of(tx, ((key, version) for key, version, *_ in rows)) if rows else {}
    return chunk_of_rows(
        JourneyLaunched,
        [_launched(documents[key, version], key, version, at, by, name) for key, version, at, by, name in rows],
    )


def _launched(journey: Journey, key: str, version: int, at: datetime, by: str, name: str) -> tuple[object, ...]:
    used = list(journey.templates), journey.audience or "", dates_of(journey)
    return (key, version, list(journey.segments), at, by, False, name, *used)


def entrances(tx: Tx, after: Key | None, most: int) -> Chunk:
    """Who entered which journey. Of those who entered before it was told, those who were asked a message for."""
    rows = tx.execute(
        """
        select id, plan, guest_id, stay_id, property, journey, entered_at from enrolment
        where (%(after)s::uuid is null or id > %(after)s)
          and (told or exists (select from message where enrolment_id = enrolment.id))
          and not exists (select from guest_known as known
                          where known.guest_id = enrolment.guest_id and ended = 'erased')
        order by id limit %(most)s
        """,
        {"after": after[0] if after else None, "most": most},
    )
    return chunk_of_rows(JourneyEntered, rows.fetchall())
