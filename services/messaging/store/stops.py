"""Standing stops, and the messages that wait for one to be lifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class Stop:
    stop_id: UUID
    kind: str  # all | property | channel | country
    key: str
    reason: str
    by: str
    at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


def add(tx: Tx, stop: Stop) -> bool:
    """False where the same is stopped already."""
    return bool(
        tx.execute(
            """
            insert into stop (stop_id, kind, key, reason, by, at) values (%s, %s, %s, %s, %s, %s)
            on conflict (kind, key) where lifted_at is null do nothing
            """,
            [stop.stop_id, stop.kind, stop.key, stop.reason, stop.by, stop.at],
        ).rowcount
    )


def lift(tx: Tx, stop_id: UUID, *, by: str, at: datetime) -> bool:
    """Waits for claims under way, which hold what they read of it. False where it is lifted already."""
    query = "update stop set lifted_by = %s, lifted_at = %s where stop_id = %s and lifted_at is null"
    return bool(tx.execute(query, [by, at, stop_id]).rowcount)


def wake_stopped(tx: Tx, at: datetime) -> int:
    """Whatever waits for a stop is looked at again; what another one covers waits on."""
    return tx.execute(
        """
        with waiting as (
            select message_id from delivery where state = 'held' and reason = 'stopped' order by message_id for update
        )
        update delivery set next_at = %(at)s from waiting where delivery.message_id = waiting.message_id
        """,
        {"at": at},
    ).rowcount


def standing(tx: Tx) -> list[Stop]:
    return tx.rows(Stop, f"{STOPS} where lifted_at is null order by at desc")


def lifted(tx: Tx, most: int = 20) -> list[Stop]:
    return tx.rows(Stop, f"{STOPS} where lifted_at is not null order by lifted_at desc limit %s", [most])


def stop_named(tx: Tx, stop_id: UUID) -> Stop | None:
    found = tx.rows(Stop, f"{STOPS} where stop_id = %s", [stop_id])
    return found[0] if found else None


def countries(tx: Tx) -> Sequence[str]:
    """Where guests and hotels are: from one country to the next in the index, however many guests there are."""
    row = tx.execute(
        """
        with recursive seen as (
            (select country from recipient where country is not null order by country limit 1)
            union all
            select (select country from recipient where country > seen.country order by country limit 1)
            from seen where seen.country is not null
        )
        select array(select country from seen where country is not null
                     union select country from property_known order by 1)
        """
    ).fetchone()
    assert row is not None
    return list(row[0])


STOPS = "select stop_id, kind, key, reason, by, at, lifted_by, lifted_at from stop"
