"""What hotels' own systems tell that happened to guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from shared.database.pool import Tx
from shared.ids import make_id


@dataclass(frozen=True)
class ToldEvent:
    """Of a guest, or of a stay and so of whoever has it. `details`: plain values by name. `reference`: the program's
    own number of it, within the hotel.
    """

    property: str
    reference: str
    name: str
    guest_id: UUID | None
    stay_id: UUID | None
    details: dict[str, Any]
    happened_at: datetime


def event_id(event: ToldEvent) -> UUID:
    return make_id("guest event", event.property, event.reference)


def add_event(tx: Tx, new: ToldEvent, by: str, at: datetime) -> bool:
    """False where one of this number is known."""
    statement = """
        insert into guest_event
            (id, property, reference, name, guest_id, stay_id, details, happened_at, told_at, told_by)
        values (%(id)s, %(property)s, %(reference)s, %(name)s, %(guest_id)s, %(stay_id)s, %(details)s, %(happened_at)s,
                %(at)s, %(by)s)
        on conflict do nothing
    """
    values = {**vars(new), "id": event_id(new), "details": Jsonb(new.details), "at": at, "by": by}
    return tx.execute(statement, values).rowcount == 1


def known_event(tx: Tx, id: UUID) -> ToldEvent:
    query = """
        select property, reference, name, guest_id, stay_id, details, happened_at from guest_event where id = %s
    """
    return tx.rows(ToldEvent, query, [id])[0]


def owner_of(tx: Tx, event: ToldEvent) -> tuple[UUID, str]:
    """Whose it is now, and their home zone."""
    query = """
        select g.id, g.home_zone from guest g
        where g.id = coalesce((select guest_id from stay where id = %(stay)s), %(guest)s)
    """
    row = tx.execute(query, {"stay": event.stay_id, "guest": event.guest_id}).fetchone()
    assert row is not None, "an event is of somebody who is known"
    return row[0], row[1]
