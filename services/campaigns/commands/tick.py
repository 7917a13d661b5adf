"""What is due is done: the clock's work, in a rehearsal as in the house."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.commands.fire import fire
from services.campaigns.commands.let_in import let_in
from services.campaigns.commands.scan_stays import scan_stays
from services.campaigns.commands.splits import judge_splits
from services.campaigns.commands.turn_calendar import turn_calendar
from services.campaigns.commands.turn_warnings import turn_warnings
from shared.database.pool import Tx


def tick(tx: Tx, at: datetime, most: int, *, careful: bool = False) -> int:
    """How much was done; 0 where nothing is due. Careful, what cannot be done is set aside by itself."""
    moved = let_in(tx, at, careful=careful) + fire(tx, at, most, careful=careful)
    moved += judge_splits(tx, at, careful=careful)
    moved = moved or turn_calendar(tx, at, careful=careful) or turn_warnings(tx, at, careful=careful)
    return moved or scan_stays(tx, at, careful=careful)
