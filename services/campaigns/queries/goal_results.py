"""Which goals guests reached who entered a journey on some days."""

from __future__ import annotations

from typing import Any

from services.campaigns.queries.results import ENTERED, Window
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.rows import row


@row
class GoalLine:
    """A goal as it is kept, and how many enrolments reached it: of those written to, and of the control group."""

    goal: str
    reached: int
    control: int


def goal_rows(tx: Tx, key: str, window: Window, scope: Scope) -> list[Any]:
    """The columns of `GoalLine`, as they can be kept."""
    query = f"""
        select goal.goal, count(*) filter (where not held_out)::int as reached,
               count(*) filter (where held_out)::int as control
        from enrolment join goal on goal.enrolment_id = enrolment.id
        where {ENTERED}
        group by goal.goal order by goal.goal
    """
    return list(map(list, tx.execute(query, {"key": key, **window.values, **scope.values})))
