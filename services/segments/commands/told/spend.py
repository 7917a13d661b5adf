"""Enter lines of bills. A line is known by its source, hotel and number; a later statement of it replaces the earlier.

Whose it is must be known: a line for a guest or a stay that is not there is refused, and comes again once it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.commands.reservations.one_by_one import CHANGED, MADE, REFUSED, UNCHANGED
from services.segments.store.guests.guests import await_turn
from services.segments.store.told import owners
from services.segments.store.told import spend as store
from services.segments.store.told.spend import SpendLine
from shared.access.scope import Scope
from shared.database.pool import Tx

NO_GUEST = "There is no such guest."
NO_STAY = "There is no such stay, or its guest was erased."


@dataclass(frozen=True)
class Entered:
    """`problems`: of a refused one, by field."""

    outcome: str
    problems: Mapping[str, str]


def enter_spend(tx: Tx, lines: Sequence[SpendLine], scope: Scope, at: datetime) -> list[Entered]:
    """In the order of the lines. Of several statements of one line the last counts, and all have its outcome. `scope`:
    the hotels of whose guests and stays the program may tell.
    """
    await_turn(tx)  # nobody is merged or erased meanwhile
    guests = owners.guests_now(tx, {line.guest_id for line in lines if line.guest_id}, scope)
    stays = owners.stays_among(tx, {line.stay_id for line in lines if line.stay_id}, scope)
    problems = {line.id: found for line in lines if (found := _problems(line, guests, stays))}
    last = {line.id: store.of_guest(line, guests) for line in lines if line.id not in problems}
    before = store.lines_among(tx, last.keys())
    store.save(tx, [line for id, line in last.items() if before.get(id) != line], at)
    return [
        Entered(REFUSED, problems[line.id]) if line.id in problems else Entered(_outcome(line.id, before, last), {})
        for line in lines
    ]


def _problems(line: SpendLine, guests: Mapping[UUID, UUID], stays: set[UUID]) -> Mapping[str, str]:
    if line.guest_id is not None:
        return {} if line.guest_id in guests else {"/guest": NO_GUEST}
    return {} if line.stay_id in stays else {"/stay": NO_STAY}


def _outcome(id: UUID, before: Mapping[UUID, SpendLine], last: Mapping[UUID, SpendLine]) -> str:
    if id not in before:
        return MADE
    return UNCHANGED if before[id] == last[id] else CHANGED
