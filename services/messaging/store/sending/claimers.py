"""Each running sender has a number, and holds a session lock on it while it lives: whoever finds the lock free knows
that what was claimed under the number is nobody's."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import psycopg

from services.messaging.store.sending.results import CLAIMERS
from shared.database.dedicated_connection import DedicatedConnection


class ClaimerNumber:
    def __init__(self, session: DedicatedConnection) -> None:
        self._session = session
        self._number, self._numbered_in = 0, 0  # and the session (by number) that holds the lock on it

    @property
    def is_held(self) -> bool:
        return self._numbered_in > 0 and self._numbered_in == self._session.opened

    def hold(self, now: datetime) -> int:
        """The number, locked for the life of the session; a new one where the session was lost."""
        session = self._session.connection()
        if not self.is_held:
            row = session.execute("insert into claimer (started_at) values (%s) returning id", [now]).fetchone()
            assert row is not None
            session.execute("select pg_advisory_lock(%s, %s)", [CLAIMERS, row[0]])
            self._number, self._numbered_in = row[0], self._session.opened
        return self._number

    def let_go(self) -> None:
        """At once: whoever comes next need not wait until PostgreSQL saw the session end."""
        if self.is_held:
            with suppress(psycopg.OperationalError):
                self._session.connection().execute("select pg_advisory_unlock_all()")
        self._session.close()
