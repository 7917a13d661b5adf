"""The copy of stays: what journeys decide by, and which stays a guest has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from services.campaigns.rules.entries import StayState
from shared.database.pool import Tx
from shared.events import Chunk
from shared.rows import row

KEPT = (
    *("stay_id", "version", "guest_id", "property", "reservation", "status", "booked_at", "checked_out_at", "zone"),
    *("arrival", "departure", "checked_in_at", "ended_at", "room_type", "rate_plan", "channel"),
    *("revenue", "currency"),
)
TOLD_AS = {"channel": "booking_channel"}


def keep_stays(tx: Tx, chunk: Chunk) -> dict[UUID, int]:
    """The stays whose newest version came with this chunk, with that version. One that was kept without its dates or
    its revenue takes them from the same version told once more."""
    rows = tx.execute(KEEP, {name: _column(chunk, name) for name in KEPT})
    return dict(rows.fetchall())


def _column(chunk: Chunk, name: str) -> list[object]:
    """What is no name for a source (None) is empty here."""
    values = chunk[TOLD_AS.get(name, name)]
    return [value or "" for value in values] if name in ("room_type", "rate_plan", "channel") else list(values)


KEEP = """
    insert into stay_known (stay_id, version, guest_id, property, reservation, status, booked_at, checked_out_at, zone,
                            arrival, departure, checked_in_at, ended_at, room_type, rate_plan, channel, revenue,
                            currency)
    select distinct on (stay_id) *
    from unnest(%(stay_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(property)s::text[],
                %(reservation)s::text[], %(status)s::text[], %(booked_at)s::timestamptz[],
                %(checked_out_at)s::timestamptz[], %(zone)s::text[], %(arrival)s::date[], %(departure)s::date[],
                %(checked_in_at)s::timestamptz[], %(ended_at)s::timestamptz[], %(room_type)s::text[],
                %(rate_plan)s::text[], %(channel)s::text[], %(revenue)s::numeric[], %(currency)s::text[])
         as new (stay_id, version, guest_id, property, reservation, status, booked_at, checked_out_at, zone, arrival,
                 departure, checked_in_at, ended_at, room_type, rate_plan, channel, revenue, currency)
    order by stay_id, version desc
    on conflict (stay_id) do update
    set version = excluded.version, guest_id = excluded.guest_id, property = excluded.property,
        reservation = excluded.reservation, status = excluded.status, booked_at = excluded.booked_at,
        checked_out_at = excluded.checked_out_at, zone = excluded.zone, arrival = excluded.arrival,
        departure = excluded.departure, checked_in_at = excluded.checked_in_at, ended_at = excluded.ended_at,
        room_type = excluded.room_type, rate_plan = excluded.rate_plan, channel = excluded.channel,
        revenue = excluded.revenue, currency = excluded.currency
    where stay_known.version < excluded.version
       or stay_known.version = excluded.version
          and (stay_known.arrival is null or stay_known.revenue is null and excluded.revenue is not null)
    returning stay_id, version
"""


def lock_owners(tx: Tx, stays: Collection[UUID], guests: Collection[UUID]) -> list[UUID]:
    """These guests, and those whose these stays were so far; nobody else decides about a stay of theirs meanwhile.

    Before the stays are written: what is decided of a guest rests on all of their stays. A guest who is not known yet
    is noted without anything of them, so that there is a row to lock.
    """
    rows = tx.execute("select distinct guest_id from stay_known where stay_id = any(%s)", [list(stays)])
    owners = sorted({*guests, *(guest for (guest,) in rows)})
    tx.execute(
        """
        insert into guest_known (guest_id, version)
        select guest_id, 0 from unnest(%s::uuid[]) as new (guest_id) order by guest_id on conflict do nothing
        """,
        [owners],
    )
    tx.execute("select from guest_known where guest_id = any(%s) order by guest_id for update", [owners])
    return owners


def stays_of(tx: Tx, guests: Sequence[UUID]) -> list[StayState]:
    """All stays of these guests whose dates are known."""
    return tx.rows(
        StayState,
        """
        select stay_id, version, guest_id, property, zone, reservation, status, booked_at, checked_in_at,
               checked_out_at, ended_at, arrival, departure, room_type, rate_plan, channel
        from stay_known where guest_id = any(%s) and arrival is not null and zone is not null
        order by arrival, stay_id
        """,
        [list(guests)],
    )


def stays_by_guest(tx: Tx, guests: Sequence[UUID]) -> dict[UUID, list[StayState]]:
    found: dict[UUID, list[StayState]] = {}
    for stay in stays_of(tx, guests):
        found.setdefault(stay.guest_id, []).append(stay)
    return found


@row
class Booked:
    """One stay of a range."""

    arrival: date
    stay_id: UUID
    guest_id: UUID


def booked_after(tx: Tx, arrival: date, stay: UUID, most: int) -> list[Booked]:
    """The next stays by arrival that still stand."""
    return tx.rows(
        Booked,
        """
        select arrival, stay_id, guest_id from stay_known
        where arrival is not null and (arrival, stay_id) > (%s, %s) and status not in ('cancelled', 'no_show')
        order by arrival, stay_id limit %s
        """,
        [arrival, stay, most],
    )
