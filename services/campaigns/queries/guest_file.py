"""What campaigns tells a guest in words, beside its declared rows: the journeys they are or were in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.personal_data.guest_file.held import Cell, Held, in_file, plain, why

STATES = {
    "waiting": in_file("going on"),
    "paused": in_file("paused"),
    "done": in_file("finished"),
    "exited": in_file("left"),
}
LABELS = (
    in_file("Journey"),
    in_file("Entered"),
    in_file("State"),
    in_file("Why you left it"),
    in_file("Left or finished"),
    in_file("Booked afterwards"),
)


def tell(tx: Tx, guests: Sequence[UUID]) -> list[Held]:
    rows = [_row(*row) for row in tx.execute(JOURNEYS, {"guests": list(guests)})]
    return [Held(in_file("Journeys you were in"), LABELS, rows)]


def _row(
    name: str, entered: datetime, state: str, reason: str | None, changed: datetime, booked: datetime | None
) -> list[Cell]:
    is_over = state in ("done", "exited")
    return [
        name,
        plain(entered),
        {"word": STATES[state]},
        why(reason),
        plain(changed) if is_over else None,
        plain(booked),
    ]


JOURNEYS = """
    select journey.name, entered_at, enrolment.state, reason, enrolment.changed_at, goal.reached_at
    from enrolment join journey on journey.key = enrolment.journey
    left join goal on goal.enrolment_id = enrolment.id and goal.goal = ''
    where guest_id = any(%(guests)s::uuid[])
    order by entered_at, enrolment.id
"""
