"""Guests and stays for programs, by pages of their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.segments.queries.scope import GUEST_SEEN, STAY_SEEN
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.errors import NotFound


@dataclass(frozen=True)
class StayRow:
    id: UUID
    version: int
    guest_id: UUID
    source: str
    property: str
    reservation: str
    status: str
    booked_on: date
    arrival: date
    departure: date
    nights: int
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    ended_at: datetime | None
    adults: int | None
    children: int | None
    companions: str | None
    channel: str | None
    market_segment: str | None
    room_type: str | None
    rate_plan: str | None
    rate: Decimal | None
    revenue: Decimal | None
    currency: str | None
    muted: bool


def guests_after(
    tx: Tx, after: UUID | None, most: int, tag: str | None, since: datetime | None, scope: Scope
) -> list[UUID]:
    """Numbers greater than `after`, in their order."""
    query = f"""
        select g.id from guest g
        where g.merged_into is null and g.erased_at is null and {GUEST_SEEN}
          and (%(after)s::uuid is null or g.id > %(after)s)
          and (%(tag)s::text is null or %(tag)s = any(g.tags))
          and (%(since)s::timestamptz is null or g.changed_at >= %(since)s)
        order by g.id limit %(most)s
    """
    rows = tx.execute(query, {"after": after, "tag": tag, "since": since, "most": most, **scope.values})
    return [guest for (guest,) in rows]


def stays_after(
    tx: Tx, after: UUID | None, most: int, guest: UUID | None, since: datetime | None, scope: Scope
) -> list[StayRow]:
    """Numbers greater than `after`, in their order."""
    query = f"""
        select {COLUMNS} from stay s
        where {STAY_SEEN}
          and (%(after)s::uuid is null or s.id > %(after)s)
          and (%(guest)s::uuid is null or s.guest_id = %(guest)s)
          and (%(since)s::timestamptz is null or s.changed_at >= %(since)s)
        order by s.id limit %(most)s
    """
    return tx.rows(StayRow, query, {"after": after, "guest": guest, "since": since, "most": most, **scope.values})


def stay_row(tx: Tx, stay_id: UUID, scope: Scope) -> StayRow:
    """Raises `NotFound`, for another hotel's too."""
    found = tx.rows(
        StayRow, f"select {COLUMNS} from stay s where s.id = %(id)s and {STAY_SEEN}", {"id": stay_id, **scope.values}
    )
    if not found:
        raise NotFound("There is no such stay.")
    return found[0]


COLUMNS = ", ".join(f"s.{name}" for name in StayRow.__dataclass_fields__)
