"""Alerts that nobody has answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.queries.cases import ALERT_SEEN, UNANSWERED
from shared.access.scope import Scope
from shared.database.pool import Tx

MOST = 100


@dataclass(frozen=True, kw_only=True)
class AlertLine:
    """`called`: the names of those who were called, in order."""

    alert_id: UUID
    because: str
    case_id: UUID | None
    task_id: UUID | None
    hotel: str | None
    zone: str
    room: str | None
    raised_at: datetime
    next_at: datetime | None
    ended: str | None
    called: list[str]


def unanswered(tx: Tx, scope: Scope) -> list[AlertLine]:
    """The oldest first."""
    return tx.rows(AlertLine, f"{LINE} where {UNANSWERED} and {ALERT_SEEN} {IN_ORDER}", {**scope.values, "most": MOST})


def alert(tx: Tx, alert_id: UUID, scope: Scope) -> AlertLine | None:
    query = f"{LINE} where alert_id = %(alert_id)s and {ALERT_SEEN}"
    found = tx.rows(AlertLine, query, {**scope.values, "alert_id": alert_id})
    return found[0] if found else None


LINE = """
    select alert_id, because, case_id, task_id, hotel.name as hotel, coalesce(hotel.zone, 'UTC') as zone, room,
           raised_at, next_at, ended,
           array(select name from alert_call as call where call.alert_id = alert.alert_id
                 group by turn, name order by turn, name) as called
    from alert left join hotel_known as hotel on hotel.code = alert.property
"""
IN_ORDER = "order by raised_at, alert_id limit %(most)s"
