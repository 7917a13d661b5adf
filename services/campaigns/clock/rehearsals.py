"""Rehearsals: journeys are played where their forecast is here, and old reports are thrown away."""

from __future__ import annotations

import time
from datetime import datetime

import structlog

from services.campaigns.commands.rehearsal.ask import fail
from services.campaigns.commands.rehearsal.keep_away import Line, keep_lines, kept_away
from services.campaigns.commands.rehearsal.play import (
    COPIES,
    COPIES_OF_PAST,
    asked_for,
    begin,
    begin_anew,
    forecast_of,
    launches_of,
    play,
)
from services.campaigns.commands.rehearsal.publish_asked import publish_asked
from services.campaigns.rules.rehearsals import KEPT_FOR, Rehearsal, Stage
from services.campaigns.store import rehearsals as store
from shared.bus.dead_letters import reason_of
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database
from shared.database.scratch import SINCE, Busy, Stopped, scratch
from shared.events.dictionary import Chunk

LOOKED_EVERY = 1.0  # seconds: whether anybody still waits

log = structlog.get_logger()


class Rehearsals:
    """One at a time, whole. Killed on the way, it begins anew: what it had done was on a scratch copy."""

    name = "rehearsal"

    def __init__(self, database: Database, *, most: int) -> None:
        self._database, self._most = database, most
        self._looked = 0.0

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            waiting, oldest = store.next_to_play(tx), store.oldest(tx)
        thrown_away = [oldest + KEPT_FOR] if oldest else []
        return min([*([waiting.asked_at] if waiting else []), *thrown_away], default=None)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            dropped = store.drop_before(tx, now - KEPT_FOR)
            waiting = store.next_to_play(tx)
        if waiting is None:
            return dropped
        try:
            return self._play(waiting, now)
        except Busy:
            return dropped
        except Stopped:
            return 1
        except Exception as error:  # one rehearsal must not end the role
            if is_passing(error):
                raise
            log.exception("a rehearsal failed", rehearsal=str(waiting.id))
            with self._database.transaction() as tx:
                fail(tx, waiting.id, reason_of(error), now)
            return 1

    def _play(self, one: Rehearsal, now: datetime) -> int:
        asked, away = self._asked(one)
        with self._database.transaction() as tx:
            keep_lines(tx, one, away)
            publish_asked(tx, one, asked, now)
        return 1

    def _asked(self, one: Rehearsal) -> tuple[list[Chunk], list[Line]]:
        """The messages, and the guests whom journeys keep away from."""
        tables = COPIES_OF_PAST if one.is_replay else COPIES
        with scratch(self._database, tables, {"since": one.at - SINCE}) as copy:
            if one.is_replay:
                begin_anew(copy, one)
            begin(copy, launches_of(one), one.at)
            play(copy, forecast_of(copy, one), one.at, one.until, self._most, lambda reached: self._look(one, reached))
            return list(asked_for(copy)), kept_away(copy, one.at)

    def _look(self, one: Rehearsal, reached: datetime) -> None:
        if time.monotonic() - self._looked < LOOKED_EVERY:
            return
        self._looked = time.monotonic()
        with self._database.transaction() as tx:
            if not store.is_at(tx, one.id, Stage.PLAYING):
                raise Stopped
            store.note_reached(tx, one.id, reached)
