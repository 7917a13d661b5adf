"""A warning has come to a journey: whoever is in its audience and knows the hotel enters, range by range."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.enter import lock_and_enter
from services.campaigns.rules.entries import Entrance, Live
from services.campaigns.rules.warning_turns import by_warning
from services.campaigns.steps.warning_entry import USEFUL_FOR, WarningEntry
from services.campaigns.store import warning_turns as store
from services.campaigns.store.journeys import live_journeys
from services.campaigns.store.warning_turns import TurnState, WarningTurn
from shared.bus.set_aside import Item, set_aside, work_in_halves
from shared.database.pool import Tx

ROLE = "warnings"
A_RANGE = 20_000


def turn_warnings(tx: Tx, at: datetime, *, most: int = A_RANGE, careful: bool = False) -> int:
    """Let in the next range of the warning that came first; 1 where there was one. Died in between, it begins where it
    was. One that was raised a week ago or more lets in nobody else. Careful, a guest who cannot be let in is set aside.
    """
    turn = store.claim_due(tx)
    if turn is None:
        return 0
    live = next((one for one in live_journeys(tx, at) if one.key == turn.journey), None)
    entry = live.journey.entry if live else None
    if live is None or not isinstance(entry, WarningEntry):
        store.finish(tx, turn, TurnState.STOPPED)
    elif at - turn.raised_at >= USEFUL_FOR:
        store.finish(tx, turn, TurnState.DONE if turn.after else TurnState.LATE)
    else:
        members = store.guests_after(tx, turn, entry.audience, most)
        entrances = [
            by_warning(live, one.guest_id, one.zone, turn.warning_id, turn.signal, turn.property, turn.raised_at, at)
            for one in members
        ]
        entered = _let_in(tx, turn, live, entrances, at, careful)
        if len(members) == most:
            store.move_on(tx, turn, members[-1].guest_id, entered)
        else:
            store.finish(tx, turn, TurnState.DONE, entered)
    return 1


def _let_in(tx: Tx, turn: WarningTurn, live: Live, entrances: Sequence[Entrance], at: datetime, careful: bool) -> int:
    if not careful:
        return lock_and_enter(tx, entrances, at)
    entered: dict[UUID, int] = {}  # by the first guest of a set: its first half takes its place

    def let_in(some: Sequence[Entrance]) -> None:
        entered[some[0].guest_id] = 0
        entered[some[0].guest_id] = lock_and_enter(tx, some, at)

    failed = work_in_halves(tx, entrances, let_in)
    for one, _ in failed:
        entered.pop(one.guest_id)
    items = [
        Item(f"{turn.journey} {turn.warning_id} {one.guest_id}", live.key, reason, one.guest_id)
        for one, reason in failed
    ]
    set_aside(tx, ROLE, items, at)
    return sum(entered.values())
