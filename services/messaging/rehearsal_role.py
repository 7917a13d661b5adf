"""The role that asks the gate about what journeys would ask for: on a scratch copy, and nothing is sent.

One rehearsal at a time, whole. Killed on the way, it begins anew.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.messaging.channels.roster import Roster
from services.messaging.commands.rehearsal.arrivals import arrivals
from services.messaging.commands.rehearsal.judge import COPIES, COPIES_OF_PAST, Gate, judge_ahead, look_back
from services.messaging.commands.rehearsal.publish_judged import publish_judged
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.config import Config
from services.messaging.store.rehearsal import wanted as store
from services.messaging.store.rehearsal.judged import judged
from services.messaging.store.rehearsal.wanted import Wanted
from shared.database.pool import Database
from shared.database.scratch import SINCE, Busy, Stopped, scratch

LOOKED_EVERY = 1.0  # seconds: whether anybody still waits


class RehearsalRole:
    name = "messaging rehearsal"

    def __init__(self, database: Database, config: Config, roster: Roster | None = None) -> None:
        """`roster`: the house's own senders, as messages would be given to them."""
        self._database, self._config, self._roster = database, config, roster
        self._looked = 0.0

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            wanted = store.next_ready(tx)
        return wanted.at if wanted else None

    def step(self, now: datetime) -> int:
        with self._database.glance() as tx:
            wanted = store.next_ready(tx)
        if wanted is None:
            return 0
        try:
            rows = self._judged(wanted)
        except Busy:
            return 0
        except Stopped:
            return 1
        with self._database.transaction() as tx:
            publish_judged(tx, wanted, rows, now)
        return 1

    def _judged(self, wanted: Wanted) -> Sequence[tuple[Any, ...]]:
        context = GateContext(self._config, self._database.keyring)
        if self._roster is not None:
            self._roster.look()
            context.serving = self._roster.serving
        tables = COPIES_OF_PAST if wanted.is_replay else COPIES
        with scratch(self._database, tables, {"since": wanted.at - SINCE}) as copy:
            gate = Gate(copy, context)
            coming = arrivals(store.messages_of(copy, wanted.id))
            said = look_back(copy, wanted.id, wanted.at, wanted.until) if wanted.is_replay else None
            judge_ahead(gate, coming, wanted.at, wanted.until, lambda _: self._look(wanted), said)
            return judged(copy)

    def _look(self, wanted: Wanted) -> None:
        if time.monotonic() - self._looked < LOOKED_EVERY:
            return
        self._looked = time.monotonic()
        with self._database.glance() as tx:
            if not store.is_wanted(tx, wanted.id):
                raise Stopped
