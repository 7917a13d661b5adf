"""Guests moved from one version of a journey to another, and the record by which it is undone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.campaigns.rules.moving import Placed, Standing
from shared.database.pool import Tx


@dataclass(frozen=True)
class Move:
    id: UUID
    from_version: int
    to_version: int
    moved: int
    left_it: int
    moved_at: datetime
    moved_by: str
    undone_at: datetime | None
    undone_by: str | None
    brought_back: int | None


def lock_standing(tx: Tx, journey: str, version: int) -> list[Standing]:
    return tx.rows(
        Standing,
        """
        select id, step, due_at, zone, data, awaits, awaits_since from enrolment
        where journey = %s and version = %s and state in ('waiting', 'paused') order by id for update
        """,
        [journey, version],
    )


def waiting_by_step(tx: Tx, journey: str, version: int) -> dict[str, int]:
    """How many wait at each step of a version, in all hotels."""
    query = """
        select step, sum(n)::int from journey_tally where journey = %s and version = %s and what = 'waiting'
        group by step having sum(n) > 0
    """
    return dict(tx.execute(query, [journey, version]).fetchall())


def keep(tx: Tx, move: Move, journey: str, mapping: Mapping[str, str | None], placed: Sequence[Placed]) -> None:
    tx.execute(
        """
        insert into version_move (id, journey, from_version, to_version, mapping, moved, left_it, moved_at, moved_by)
        values (%s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s)
        """,
        [move.id, journey, move.from_version, move.to_version, json.dumps(dict(mapping)), move.moved, move.left_it,
         move.moved_at, move.moved_by],
    )  # fmt: skip
    tx.execute(
        """
        insert into version_moved (move_id, enrolment_id, step, due_at, awaits, awaits_since, new_step, new_due_at)
        select %s, * from unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::text[],
                                 %s::timestamptz[])
        """,
        [
            move.id,
            [one.standing.id for one in placed],
            [one.standing.step for one in placed],
            [one.standing.due_at for one in placed],
            [one.standing.awaits for one in placed],
            [one.standing.awaits_since for one in placed],
            [one.step for one in placed],
            [one.due_at for one in placed],
        ],
    )


def put(tx: Tx, version: int, placed: Sequence[Placed], at: datetime) -> None:
    """Of enrolments that are locked."""
    tx.execute(
        """
        update enrolment set version = %s, step = new.step, due_at = new.due_at, awaits = new.awaits,
            awaits_since = new.awaits_since, changed_at = %s
        from unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::timestamptz[])
             as new (id, step, due_at, awaits, awaits_since)
        where enrolment.id = new.id
        """,
        [
            version,
            at,
            [one.standing.id for one in placed],
            [one.step for one in placed],
            [one.due_at for one in placed],
            [one.awaits for one in placed],
            [one.awaits_since for one in placed],
        ],
    )


def moves_of(tx: Tx, journey: str) -> list[Move]:
    """The newest first."""
    return tx.rows(
        Move,
        """
        select id, from_version, to_version, moved, left_it, moved_at, moved_by, undone_at, undone_by, brought_back
        from version_move where journey = %s order by moved_at desc, id
        """,
        [journey],
    )


def bring_back(tx: Tx, move: Move, journey: str, at: datetime, by: str) -> int | None:
    """Who has not gone on since stands where they stood; how many. None where it was undone already."""
    undone = tx.execute(
        "update version_move set undone_at = %s, undone_by = %s where id = %s and journey = %s and undone_at is null",
        [at, by, move.id, journey],
    )
    if undone.rowcount == 0:
        return None
    tx.execute(
        """
        select from enrolment where id in (select enrolment_id from version_moved where move_id = %s)
        order by id for update
        """,
        [move.id],
    )
    brought = tx.execute(
        """
        update enrolment set version = %s, step = before.step, due_at = before.due_at, awaits = before.awaits,
            awaits_since = before.awaits_since, changed_at = %s
        from version_moved as before
        where before.move_id = %s and enrolment.id = before.enrolment_id and enrolment.version = %s
          and enrolment.state in ('waiting', 'paused')
          and (enrolment.step, enrolment.due_at) = (before.new_step, before.new_due_at)
        """,
        [move.from_version, at, move.id, move.to_version],
    ).rowcount
    tx.execute("update version_move set brought_back = %s where id = %s", [brought, move.id])
    return brought
