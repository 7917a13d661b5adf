"""A toy pair of services on the real bus: segments says stays, campaigns keeps them in a table of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.bus.outbox import publish
from shared.bus.subscriptions import Subscription
from shared.database.pool import Database, Tx
from shared.events.dictionary import Chunk, chunk_of
from shared.events.segments.stays import StayBooked, StayCancelled
from shared.ids import make_id
from shared.vocabulary.stay import StayStatus

NOON = datetime(2016, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2016, 3, 1, 13, tzinfo=UTC)

READ_MODEL = """
    create table heard_stay (
        stay_id uuid primary key, version int not null, status text not null, republished boolean not null,
        nights int not null check (nights < 1000)
    );
    create table counted (messages int not null default 0, subjects int not null default 0);
    insert into counted default values;
"""


def keep_stays(tx: Tx, chunk: Chunk, _now: datetime) -> None:
    """The toy read model: the greater version wins; `counted` shows how often the handler took effect."""
    tx.execute("update counted set messages = messages + 1, subjects = subjects + %s", (len(chunk),))
    tx.execute(
        """
        insert into heard_stay (stay_id, version, status, nights, republished)
        select distinct on (stay_id) stay_id, version, status, nights, %(republished)s
        from unnest(%(stay_id)s::uuid[], %(version)s::int[], %(status)s::text[], %(nights)s::int[])
            as said (stay_id, version, status, nights)
        order by stay_id, version desc
        on conflict (stay_id) do update
        set version = excluded.version, status = excluded.status, nights = excluded.nights,
            republished = excluded.republished
        where excluded.version > heard_stay.version
        """,
        {**chunk.columns, "republished": chunk.republished},
    )


STAYS = Subscription("stays", {"stay.booked.v1": keep_stays, "stay.cancelled.v1": keep_stays})


@dataclass(frozen=True)
class Kept:
    stay_id: UUID
    version: int
    status: str
    republished: bool


def stay_id(number: int) -> UUID:
    return make_id("toy stay", number)


def booked(number: int, version: int = 1, nights: int = 2) -> StayBooked:
    return StayBooked(**_state(number, version, StayStatus.BOOKED, nights))


def cancelled(number: int, version: int = 2) -> StayCancelled:
    return StayCancelled(**_state(number, version, StayStatus.CANCELLED, 2))


def _state(number: int, version: int, status: StayStatus, nights: int) -> dict[str, Any]:
    return {
        "stay_id": stay_id(number),
        "version": version,
        "guest_id": make_id("toy guest", number),
        "property": "LIS",
        "zone": "Europe/Lisbon",
        "reservation": f"R{number}",
        "status": status,
        "booked_at": NOON,
        "arrival": date(2016, 4, 1),
        "departure": date(2016, 4, 3),
        "checked_in_at": None,
        "checked_out_at": None,
        "ended_at": None,
        "nights": nights,
        "booking_channel": None,
        "muted": False,
        "occurred_at": NOON,
    }


def tell(
    database: Database, *stays: StayBooked | StayCancelled, at: datetime = NOON, republished: bool = False
) -> None:
    with database.transaction() as tx:
        publish(tx, chunk_of(stays, republished=republished), at=at)


def kept(database: Database) -> dict[UUID, Kept]:
    with database.transaction() as tx:
        rows = tx.rows(Kept, "select stay_id, version, status, republished from heard_stay")
    return {row.stay_id: row for row in rows}


def counted(database: Database) -> tuple[int, int]:
    """How many chunks and how many subjects the handler applied, as committed."""
    with database.transaction() as tx:
        row = tx.execute("select messages, subjects from counted").fetchone()
    assert row is not None
    return row[0], row[1]


def count(database: Database, table: str) -> int:
    with database.transaction() as tx:
        row = tx.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    found: int = row[0]
    return found
