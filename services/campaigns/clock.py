"""The clock: what is due is moved on."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.commands.fire import fire
from services.campaigns.commands.let_in import let_in
from services.campaigns.commands.scan_stays import scan_stays
from services.campaigns.commands.turn_calendar import turn_calendar
from services.campaigns.store.timers import next_due
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database


class Timers:
    """Several may run at once: each takes what the others do not hold."""

    name = "timers"

    def __init__(self, database: Database, *, most: int) -> None:
        self._database, self._most = database, most

    def step(self, now: datetime) -> int:
        """What raises is done again item by item: an enrolment that fails alone is set aside, its neighbours go on."""
        try:
            return self._step(now, careful=False)
        except Exception as error:  # one item must not end the role
            if is_passing(error):
                raise
        return self._step(now, careful=True)

    def _step(self, now: datetime, *, careful: bool) -> int:
        with self._database.transaction() as tx:
            moved = let_in(tx, now, careful=careful) + fire(tx, now, self._most, careful=careful)
            return moved or turn_calendar(tx, now, careful=careful) or scan_stays(tx, now, careful=careful)

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_due(tx)
