"""What a pause leaves behind: since when it is, and who was due meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row

A_RANGE = 20_000


@row
class Waiting:
    id: UUID
    due_at: datetime
    zone: str


def note_pause(tx: Tx, journey: str, at: datetime) -> None:
    tx.execute("update journey set paused_at = %s where key = %s", [at, journey])


def paused_since(tx: Tx, journey: str) -> datetime | None:
    row_ = tx.execute("select paused_at from journey where key = %s", [journey]).fetchone()
    return row_[0] if row_ else None


def overdue(tx: Tx, journey: str, at: datetime) -> list[UUID]:
    """Those whose time came in the pause."""
    query = "select id from enrolment where journey = %s and state = 'paused' and due_at <= %s order by id"
    return [id_ for (id_,) in tx.execute(query, [journey, at])]


def count_overdue(tx: Tx, journey: str, at: datetime) -> int:
    query = "select count(*)::int from enrolment where journey = %s and state = 'paused' and due_at <= %s"
    row_ = tx.execute(query, [journey, at]).fetchone()
    return row_[0] if row_ else 0


def paused_in_ranges(tx: Tx, journey: str) -> Iterator[list[Waiting]]:
    """All who wait, locked, so many at a time."""
    last: UUID | None = None
    while True:
        found = tx.rows(
            Waiting,
            """
            select id, due_at, zone from enrolment
            where journey = %(journey)s and state = 'paused' and (%(last)s::uuid is null or id > %(last)s)
            order by id limit %(most)s for update
            """,
            {"journey": journey, "last": last, "most": A_RANGE},
        )
        if not found:
            return
        yield found
        last = found[-1].id


def set_due(tx: Tx, due: Mapping[UUID, datetime], at: datetime) -> None:
    tx.execute(
        """
        update enrolment set due_at = new.due_at, changed_at = %s
        from unnest(%s::uuid[], %s::timestamptz[]) as new (id, due_at) where enrolment.id = new.id
        """,
        [at, list(due), list(due.values())],
    )
