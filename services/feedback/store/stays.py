"""What feedback keeps of stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.stay import StayStatus


@dataclass(frozen=True, kw_only=True)
class Stay:
    stay_id: UUID
    guest_id: UUID
    property: str
    departure: date

    def left_at(self) -> datetime:
        return datetime.combine(self.departure, time(0), UTC)


def keep(tx: Tx, chunk: Chunk) -> None:
    tx.execute(KEEP, chunk.columns)


def lock(tx: Tx, stay_id: UUID) -> Stay | None:
    """A stay that began; whoever else would answer for it waits."""
    begun = [StayStatus.CHECKED_IN, StayStatus.CHECKED_OUT]
    found = tx.rows(Stay, LOCK, {"stay_id": stay_id, "begun": begun})
    return found[0] if found else None


def of_reservations(tx: Tx, hotels: Sequence[str], reservations: Sequence[str]) -> dict[tuple[str, str], list[Stay]]:
    """By hotel and reservation number the stays of it, of guests who are not erased."""
    rows = tx.execute(OF_RESERVATIONS, {"hotels": list(hotels), "reservations": list(reservations)})
    found: dict[tuple[str, str], list[Stay]] = {}
    for reservation, stay_id, guest_id, place, departure in rows:
        stay = Stay(stay_id=stay_id, guest_id=guest_id, property=place, departure=departure)
        found.setdefault((place, reservation), []).append(stay)
    return found


LOCK = """
    select stay_id, guest_id, property, departure from stay_known
    where stay_id = %(stay_id)s and status = any(%(begun)s::text[]) for update
"""
OF_RESERVATIONS = """
    select stay.reservation, stay_id, coalesce(into_guest_id, guest_id), stay.property, departure
    from (select distinct * from unnest(%(hotels)s::text[], %(reservations)s::text[])) as asked (property, reservation)
    join stay_known as stay on lower(stay.reservation) = lower(asked.reservation)  -- as its index has it
        and stay.reservation = asked.reservation and stay.property = asked.property
    join guest_known as guest using (guest_id)
    where not (guest.gone and into_guest_id is null)
    order by stay_id
"""
KEEP = """
    insert into stay_known (stay_id, version, guest_id, property, reservation, status, arrival, departure, room_type)
    select distinct on (stay_id) *
    from unnest(%(stay_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(property)s::text[],
                %(reservation)s::text[], %(status)s::text[], %(arrival)s::date[], %(departure)s::date[],
                %(room_type)s::text[])
        as said (stay_id, version, guest_id, property, reservation, status, arrival, departure, room_type)
    order by stay_id, version desc
    on conflict (stay_id) do update
    set version = excluded.version, guest_id = excluded.guest_id, property = excluded.property,
        reservation = excluded.reservation, status = excluded.status, arrival = excluded.arrival,
        departure = excluded.departure, room_type = excluded.room_type
    where excluded.version > stay_known.version
       or excluded.version = stay_known.version and stay_known.room_type = '' and excluded.room_type <> ''
"""  # a stay that came before room types were told learns its own when it is published again
