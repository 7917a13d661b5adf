"""What a journey asked of the staff, by step, for its page."""

from __future__ import annotations

from dataclasses import dataclass

from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True)
class TaskFigures:
    """`nobody`: of guests for whom no hotel could be asked."""

    step: str
    open: int
    closed: int
    nobody: int


def tasks_of(tx: Tx, key: str, scope: Scope) -> dict[str, TaskFigures]:
    rows = tx.rows(
        TaskFigures,
        f"""
        select step, count(*) filter (where closed_at is null and property is not null) as open,
               count(*) filter (where closed_at is not null) as closed,
               count(*) filter (where property is null) as nobody
        from deed where journey = %(key)s and kind = 'task' and {within("property")} group by step
        """,
        {"key": key, **scope.values},
    )
    return {row.step: row for row in rows}
