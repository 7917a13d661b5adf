"""Amounts are converted anew after a rate or a currency changed, range by range, each its own transaction, resumable.

A guest is evaluated again where an amount of theirs differs now. Nothing happened to them, so what follows is initial:
it begins no journey.
"""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.evaluation.snapshot import take_snapshot
from services.segments.store.evaluation.snapshots import averages
from services.segments.store.guests.guests import await_turn
from services.segments.store.money import conversions
from services.segments.store.money.currencies import load_currencies
from shared.database.pool import Tx

MOST_AT_ONCE = 5_000
BECAUSE = {"kind": "initial"}


def convert_next_range(tx: Tx, at: datetime) -> bool:
    """One range of the first run planned. False where none is."""
    await_turn(tx)
    run = conversions.next_run(tx)
    if run is None:
        return False
    stays = conversions.stays_of_run(tx, run, MOST_AT_ONCE)
    if stays:
        moved = conversions.convert(tx, [stay for _, stay in stays], load_currencies(tx))
        evaluate_moved(tx, [Moved(guest, BECAUSE) for guest in moved], at)
        conversions.mark_run(tx, run, *stays[-1])
    else:
        conversions.end_run(tx, run)
        if run.since is None and averages(tx):  # they stand in the hotels' currencies
            take_snapshot(tx, at)
    return True
