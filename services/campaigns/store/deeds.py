"""What journeys asked of the staff and of guests' records, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.events import Chunk
from shared.rows import row


@row
class Deed:
    """`property`: the hotel that is asked; None where none is known."""

    id: UUID
    enrolment_id: UUID
    journey: str
    step: str
    kind: str
    property: str | None
    due_at: datetime
    journey_version: int


def add(tx: Tx, deeds: Sequence[Deed], at: datetime) -> set[UUID]:
    """Those that are new: planned anew, an enrolment asks for nothing a second time."""
    ordered = sorted(deeds, key=lambda deed: deed.id)
    rows = tx.execute(
        """
        insert into deed (id, enrolment_id, journey, step, kind, property, due_at, journey_version, asked_at)
        select new.*, %s
        from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[],
                    %s::int[])
             as new (id, enrolment_id, journey, step, kind, property, due_at, journey_version)
        on conflict do nothing returning id
        """,
        [
            at,
            [deed.id for deed in ordered],
            [deed.enrolment_id for deed in ordered],
            [deed.journey for deed in ordered],
            [deed.step for deed in ordered],
            [deed.kind for deed in ordered],
            [deed.property for deed in ordered],
            [deed.due_at for deed in ordered],
            [deed.journey_version for deed in ordered],
        ],
    )
    return {id for (id,) in rows}


def last_hotels(tx: Tx, guests: Sequence[UUID]) -> dict[UUID, str]:
    """Where each guest stayed last, or is about to stay."""
    rows = tx.execute(
        """
        select distinct on (guest_id) guest_id, property from stay_known
        where guest_id = any(%s) and status not in ('cancelled', 'no_show')
        order by guest_id, coalesce(checked_out_at, booked_at) desc, stay_id
        """,
        [list(guests)],
    )
    return dict(rows.fetchall())


def settle(tx: Tx, chunk: Chunk) -> None:
    """The newest version of what became of each; others' tasks are passed over."""
    tx.execute(
        """
        with news as (
            select distinct on (id) *
            from unnest(%s::uuid[], %s::bigint[], %s::boolean[], %s::text[], %s::timestamptz[])
                 as news (id, version, open, outcome, at)
            order by id, version desc
        ), before as (
            select deed.id from deed join news using (id) where deed.version < news.version
            order by deed.id for update of deed
        )
        update deed set version = news.version, outcome = news.outcome, closed_at = case when not open then news.at end
        from news, before where deed.id = news.id and deed.id = before.id and deed.version < news.version
        """,
        [chunk[name] for name in ("task_id", "version", "open", "outcome", "occurred_at")],
    )
