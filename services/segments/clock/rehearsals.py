"""Forecasts that campaigns waits for."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.rehearsal.forecast import Ahead, forecast
from services.segments.commands.rehearsal.publish_forecast import publish_forecast
from services.segments.store import rehearsals as store
from services.segments.store.rehearsals import Wanted
from shared.database.pool import Database
from shared.database.scratch import Busy, Stopped, scratch
from shared.events.campaigns import DateAudience


class Forecasts:
    """One at a time, whole. Killed on the way, it begins anew: what it had done was on a scratch copy."""

    name = "forecast"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            wanted = store.next_wanted(tx)
        return wanted.at if wanted else None

    def step(self, now: datetime) -> int:
        with self._database.glance() as tx:
            wanted = store.next_wanted(tx)
        if wanted is None:
            return 0
        try:
            return self._answer(wanted, now)
        except Busy:
            return 0
        except Stopped:
            return 1

    def _answer(self, wanted: Wanted, now: datetime) -> int:
        dates = [DateAudience(**one) for one in wanted.dates]
        ahead = Ahead(wanted.at, wanted.until, wanted.segments, wanted.as_booked, wanted.is_replay, dates)
        with scratch(self._database, ahead.copies, {}) as copy:
            changes = list(forecast(copy, ahead, lambda _: self._look(wanted)))
        with self._database.transaction() as tx:
            publish_forecast(tx, wanted, changes, now)
        return 1

    def _look(self, wanted: Wanted) -> None:
        with self._database.glance() as tx:
            if not store.is_wanted(tx, wanted.id):
                raise Stopped
