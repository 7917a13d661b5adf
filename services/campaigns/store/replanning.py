"""Enrolments as they were planned, and planned again, in sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.campaigns.rules.enrolments import State
from services.campaigns.rules.replanning import Moved, OpenMessage, Standing
from shared.database.pool import Tx


@dataclass(frozen=True)
class Row:
    id: UUID
    zone: str
    data: dict[str, Any]
    from_step: str | None
    from_at: datetime | None
    waits: bool
    open: list[list[str]]


def standing_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Of enrolments that the caller has locked."""
    rows = tx.rows(
        Row,
        """
        select id, zone, data, from_step, from_at, state in ('waiting', 'paused') and awaits is null as waits,
               coalesce((select jsonb_agg(jsonb_build_array(message.id, step, from_step, from_at) order by message.id)
                         from message where enrolment_id = enrolment.id and withdrawn_at is null
                           and settled_at is null), '[]') as open
        from enrolment where id = any(%s)
        """,
        [list(ids)],
    )
    return {row.id: _standing(row) for row in rows}


def _standing(row: Row) -> Standing:
    messages = tuple(
        OpenMessage(UUID(id_), step, from_step, datetime.fromisoformat(at) if at else None)
        for id_, step, from_step, at in row.open
    )
    return Standing(row.id, row.zone, row.data, row.from_step, row.from_at, row.waits, messages)


def keep_dates(tx: Tx, dates: Mapping[UUID, Mapping[str, str]]) -> None:
    """By enrolment, the dates that it knows now."""
    tx.execute(
        """
        update enrolment set data = data || new.dates
        from unnest(%s::uuid[], %s::jsonb[]) as new (id, dates)
        where enrolment.id = new.id and not data @> new.dates
        """,
        [list(dates), [orjson.dumps(known).decode() for known in dates.values()]],
    )


def move(tx: Tx, moves: Sequence[tuple[UUID, str, Moved, State]], at: datetime) -> None:
    """Each enrolment with the step it goes on at, and as what. Where a message of it was taken back, or it had ended,
    its plan is another: what is asked for then is another message."""
    if not moves:
        return
    tx.execute(
        """
        update enrolment
        set step = new.step, due_at = new.due_at, from_step = new.from_step, from_at = new.from_at,
            plan = plan + case when new.anew or enrolment.state = 'exited' then 1 else 0 end, state = new.state,
            reason = null, awaits = null, awaits_since = null, changed_at = %(at)s
        from unnest(%(id)s::uuid[], %(step)s::text[], %(due_at)s::timestamptz[], %(from_step)s::text[],
                    %(from_at)s::timestamptz[], %(anew)s::boolean[], %(state)s::text[])
             as new (id, step, due_at, from_step, from_at, anew, state)
        where enrolment.id = new.id
        """,
        {
            "id": [id_ for id_, *_ in moves],
            "step": [step for _, step, *_ in moves],
            "due_at": [moved.planned.due for _, _, moved, _ in moves],
            "from_step": [moved.from_step for _, _, moved, _ in moves],
            "from_at": [moved.from_at for _, _, moved, _ in moves],
            "anew": [bool(moved.withdrawn) for _, _, moved, _ in moves],
            "state": [state for *_, state in moves],
            "at": at,
        },
    )


def rewind(tx: Tx, enrolments: Sequence[UUID]) -> None:
    """Before they are ended: a message that is asked for and has not gone is taken back with them, and would be planned
    again from where it was."""
    tx.execute(
        """
        update enrolment set from_step = asked.from_step, from_at = asked.from_at
        from (
            select distinct on (enrolment_id) enrolment_id, from_step, from_at from message
            where enrolment_id = any(%s) and withdrawn_at is null and settled_at is null and from_step is not null
            order by enrolment_id, due_at, id
        ) as asked
        where enrolment.id = asked.enrolment_id
        """,
        [list(enrolments)],
    )
