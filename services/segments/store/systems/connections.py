"""Connections to other systems: as they were made, how far each is read, and what is the matter with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from services.segments.rules.systems import SystemKind
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True)
class Connection:
    """A row of the table `system_connection`. `hotels`: by the system's number of a hotel, ours."""

    connection_id: UUID
    kind: SystemKind
    source: str
    address: str
    hotels: Mapping[str, str]
    credentials_sealed: Sealed | None = field(repr=False)
    door_hash: bytes = field(repr=False)
    made_by: str
    made_at: datetime
    ended_at: datetime | None = None
    cursor: Mapping[str, Any] = field(default_factory=dict)
    caught_up_at: datetime | None = None
    poll_at: datetime | None = None
    rests_until: datetime | None = None
    failures: int = 0
    heard_at: datetime | None = None
    trouble: str | None = None
    trouble_status: int | None = None
    trouble_at: datetime | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", SystemKind(self.kind))
        object.__setattr__(self, "door_hash", bytes(self.door_hash))


def add(tx: Tx, connection: Connection) -> None:
    told = {**vars(connection), "hotels": Jsonb(dict(connection.hotels))}
    tx.execute(ADD, {name: str(value) if name == "kind" else value for name, value in told.items()})


def end(tx: Tx, connection_id: UUID, at: datetime) -> bool:
    """False where it had ended. What waits for it goes, and its credentials with it."""
    statement = """
        update system_connection set ended_at = %(at)s, credentials_sealed = null, poll_at = null
        where connection_id = %(id)s and ended_at is null
    """
    ended = tx.execute(statement, {"id": connection_id, "at": at}).rowcount == 1
    tx.execute("delete from system_event where connection_id = %s", [connection_id])
    return ended


def connections(tx: Tx) -> list[Connection]:
    order = "ended_at is not null, made_at desc, connection_id"
    return tx.rows(Connection, f"select {FIELDS} from system_connection order by {order}")


def find(tx: Tx, connection_id: UUID) -> Connection | None:
    found = tx.rows(Connection, f"select {FIELDS} from system_connection where connection_id = %s", [connection_id])
    return found[0] if found else None


def claim(tx: Tx, now: datetime, lease: timedelta) -> Connection | None:
    """One that has something to do; it is nobody else's until the lease is over."""
    found = tx.rows(Connection, CLAIM, {"now": now, "until": now + lease})
    return found[0] if found else None


def next_due(tx: Tx) -> datetime | None:
    row = tx.execute(NEXT_DUE).fetchone()
    return row[0] if row else None


def keep_cursor(tx: Tx, connection_id: UUID, cursor: Mapping[str, Any], poll_at: datetime) -> None:
    """`poll_at`: when it is asked again."""
    statement = """
        update system_connection set cursor = %(cursor)s, poll_at = %(poll_at)s
        where connection_id = %(id)s and ended_at is null
    """
    tx.execute(statement, {"id": connection_id, "cursor": Jsonb(dict(cursor)), "poll_at": poll_at})


def note_caught_up(tx: Tx, connection_id: UUID, now: datetime) -> None:
    """All its changes were looked through, and nothing of them waits: from now on what it says is news."""
    statement = """
        update system_connection c set caught_up_at = %(now)s
        where connection_id = %(id)s and caught_up_at is null and (poll_at is null or poll_at > %(now)s)
          and not exists (select from system_event e where e.connection_id = c.connection_id and e.given_up_at is null)
    """
    tx.execute(statement, {"id": connection_id, "now": now})


def release_well(tx: Tx, connection_id: UUID, now: datetime, rests_until: datetime | None) -> None:
    """`rests_until`: its pace."""
    statement = """
        update system_connection
        set lease_until = null, failures = 0, heard_at = %(now)s, rests_until = %(rests_until)s, trouble = null,
            trouble_status = null, trouble_at = null
        where connection_id = %(id)s
    """
    tx.execute(statement, {"id": connection_id, "now": now, "rests_until": rests_until})


def release_failed(
    tx: Tx, connection_id: UUID, now: datetime, trouble: str, status: int | None, rests_until: datetime
) -> None:
    statement = """
        update system_connection
        set lease_until = null, failures = failures + 1, rests_until = %(rests_until)s, trouble = %(trouble)s,
            trouble_status = %(status)s, trouble_at = %(now)s
        where connection_id = %(id)s
    """
    told = {"id": connection_id, "now": now, "trouble": trouble, "status": status, "rests_until": rests_until}
    tx.execute(statement, told)


def note_heard(tx: Tx, connection_id: UUID, now: datetime) -> None:
    """It sent something that was understood."""
    tx.execute("update system_connection set heard_at = %s where connection_id = %s", [now, connection_id])


def count_left_out(tx: Tx, connection_id: UUID, counts: Mapping[str, int]) -> None:
    """Adds to what was not taken, by reason."""
    statement = """
        update system_connection
        set left_out = left_out || (
            select coalesce(jsonb_object_agg(reason, number + coalesce((left_out ->> reason)::int, 0)), '{}')
            from unnest(%(reasons)s::text[], %(numbers)s::int[]) as new (reason, number))
        where connection_id = %(id)s
    """
    if counts:
        tx.execute(statement, {"id": connection_id, "reasons": list(counts), "numbers": list(counts.values())})


def keep_hotels(tx: Tx, connection_id: UUID, hotels: Mapping[str, str]) -> None:
    """Its past is read anew for hotels that were left out, and is no news; what was taken is found unchanged."""
    statement = """
        update system_connection
        set hotels = %(hotels)s, cursor = '{}', left_out = '{}',
            caught_up_at = case when address = '' then caught_up_at end
        where connection_id = %(id)s and ended_at is null
    """
    tx.execute(statement, {"id": connection_id, "hotels": Jsonb(dict(hotels))})


def try_now(tx: Tx, connection_id: UUID, now: datetime) -> None:
    """It is asked at once, and what was left to people is tried once more."""
    told = {"id": connection_id, "now": now}
    tx.execute(
        """
        update system_connection set rests_until = null, failures = 0, poll_at = least(poll_at, %(now)s)
        where connection_id = %(id)s and ended_at is null
        """,
        told,
    )
    tx.execute(
        """
        update system_event set given_up_at = null, attempts = 0, problem = null, next_at = %(now)s
        where connection_id = %(id)s and (given_up_at is not null or next_at > %(now)s)
        """,
        told,
    )


FIELDS = """
    connection_id, kind, source, address, hotels, credentials_sealed, door_hash, made_by, made_at, ended_at, cursor,
    caught_up_at, poll_at, rests_until, failures, heard_at, trouble, trouble_status, trouble_at, left_out
"""
ADD = """
    insert into system_connection
        (connection_id, kind, source, address, hotels, credentials_sealed, door_hash, made_by, made_at, poll_at)
    values (%(connection_id)s, %(kind)s, %(source)s, %(address)s, %(hotels)s, %(credentials_sealed)s, %(door_hash)s,
            %(made_by)s, %(made_at)s, %(poll_at)s)
"""
CLAIM = f"""
    update system_connection set lease_until = %(until)s
    where connection_id = (
        select c.connection_id from system_connection c
        where c.ended_at is null and c.address <> '' and (c.rests_until is null or c.rests_until <= %(now)s)
          and (c.lease_until is null or c.lease_until <= %(now)s)
          and (c.poll_at <= %(now)s or exists (
            select from system_event e
            where e.connection_id = c.connection_id and e.given_up_at is null and e.next_at <= %(now)s))
        order by c.rests_until nulls first, c.connection_id limit 1 for update skip locked)
    returning {FIELDS}
"""
NEXT_DUE = """
    select min(greatest(c.rests_until, c.lease_until, least(c.poll_at, (
        select min(e.next_at) from system_event e
        where e.connection_id = c.connection_id and e.given_up_at is null))))
    from system_connection c where c.ended_at is null and c.address <> ''
"""
