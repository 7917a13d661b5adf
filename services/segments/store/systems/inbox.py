"""What a system says has changed, by number alone: each number once, until what it names is fetched and entered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class Waiting:
    """`told`: how often it was told when it was taken up."""

    entity: str
    told: int
    attempts: int


@dataclass(frozen=True)
class Failed:
    entity: str
    attempts: int
    next_at: datetime
    problem: str | None
    given_up_at: datetime | None


def add(tx: Tx, connection_id: UUID, entities: Collection[str], now: datetime) -> None:
    """Told again, it is fetched once more: at once, unless it failed before and its pause is not over."""
    statement = """
        insert into system_event as old (connection_id, entity, told_at, next_at)
        select %(id)s, entity, %(now)s, %(now)s from unnest(%(entities)s::text[]) as new (entity)
        on conflict (connection_id, entity) do update
        set told = old.told + 1, told_at = excluded.told_at,
            next_at = case when old.given_up_at is null then old.next_at else excluded.next_at end,
            attempts = case when old.given_up_at is null then old.attempts else 0 end, given_up_at = null
    """
    if entities:
        tx.execute(statement, {"id": connection_id, "entities": sorted(set(entities)), "now": now})


def due(tx: Tx, connection_id: UUID, most: int, now: datetime) -> list[Waiting]:
    query = """
        select entity, told, attempts from system_event
        where connection_id = %(id)s and given_up_at is null and next_at <= %(now)s
        order by next_at, entity limit %(most)s
    """
    return tx.rows(Waiting, query, {"id": connection_id, "most": most, "now": now})


def settle(tx: Tx, connection_id: UUID, taken: Sequence[Waiting]) -> None:
    """What was entered is done, unless it was told again meanwhile."""
    statement = """
        delete from system_event e using unnest(%(entities)s::text[], %(told)s::bigint[]) as done (entity, told)
        where e.connection_id = %(id)s and e.entity = done.entity and e.told = done.told
    """
    told = {"entities": [one.entity for one in taken], "told": [one.told for one in taken]}
    tx.execute(statement, {"id": connection_id, **told})


def put_off(
    tx: Tx, connection_id: UUID, entity: str, problem: str, next_at: datetime, given_up_at: datetime | None
) -> None:
    """`problem`: a code, or the field and the reason; nothing of what was read. `given_up_at`: left to people."""
    statement = """
        update system_event
        set attempts = attempts + 1, problem = %(problem)s, next_at = %(next_at)s, given_up_at = %(given_up_at)s
        where connection_id = %(id)s and entity = %(entity)s
    """
    told = {"id": connection_id, "entity": entity, "problem": problem, "next_at": next_at, "given_up_at": given_up_at}
    tx.execute(statement, told)


def counts(tx: Tx) -> dict[UUID, tuple[int, int]]:
    """By connection how many wait and how many are left to people."""
    query = """
        select connection_id, count(*) filter (where given_up_at is null)::int,
               count(*) filter (where given_up_at is not null)::int
        from system_event group by 1
    """
    return {connection_id: (waiting, left) for connection_id, waiting, left in tx.execute(query)}


def failed(tx: Tx, connection_id: UUID, most: int) -> list[Failed]:
    """What was tried and could not be taken, the newest first."""
    query = """
        select entity, attempts, next_at, problem, given_up_at from system_event
        where connection_id = %(id)s and problem is not null
        order by given_up_at is null, told_at desc, entity limit %(most)s
    """
    return tx.rows(Failed, query, {"id": connection_id, "most": most})


def newer_than_known(tx: Tx, stated: Mapping[UUID, datetime]) -> set[UUID]:
    """The stays of which nothing newer was stated; that these were stated is noted."""
    statement = """
        insert into system_statement as known (stay_id, stated_at)
        select * from unnest(%(ids)s::uuid[], %(at)s::timestamptz[]) as new (stay_id, stated_at) order by stay_id
        on conflict (stay_id) do update set stated_at = excluded.stated_at
        where known.stated_at is null or known.stated_at <= excluded.stated_at
        returning stay_id
    """
    if not stated:
        return set()
    return {id for (id,) in tx.execute(statement, {"ids": list(stated), "at": list(stated.values())})}


def note_cancelled(tx: Tx, cancelled: Mapping[UUID, datetime]) -> None:
    """That these were cancelled, by their numbers alone; whatever was stated before stays cancelled."""
    statement = """
        insert into system_statement as known (stay_id, cancelled_at)
        select * from unnest(%(ids)s::uuid[], %(at)s::timestamptz[]) as new (stay_id, cancelled_at) order by stay_id
        on conflict (stay_id) do update set cancelled_at = greatest(known.cancelled_at, excluded.cancelled_at)
    """
    if cancelled:
        tx.execute(statement, {"ids": list(cancelled), "at": list(cancelled.values())})


def cancelled_since(tx: Tx, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Which of these stays were cancelled after all that was stated of them otherwise, and when."""
    query = """
        select stay_id, cancelled_at from system_statement
        where stay_id = any(%s) and cancelled_at >= coalesce(stated_at, cancelled_at)
    """
    return dict(tx.execute(query, [list(ids)]).fetchall())
