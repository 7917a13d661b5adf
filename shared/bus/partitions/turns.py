"""Which partitions of a service's outbox this relay publishes: its locks, and how relays share them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import psycopg
import structlog

from shared.bus.partitions.spread import WHOLE
from shared.database.dedicated_connection import DedicatedConnection

RELAY_LOCK = 7_305_001  # and, with a second number, the space in which each partition has its lock
LOOKS_EVERY, ABANDONED = timedelta(seconds=1), timedelta(seconds=3)

log = structlog.get_logger()


class Turns:
    """All of it is of one session: where that is lost, nothing is held."""

    def __init__(self, session: DedicatedConnection, partitions: int, *, name: str) -> None:
        self._session, self._partitions, self._name = session, partitions, name
        self._joined_in = 0  # the session (by number) in which the relay lock was had
        self._parts: list[int] = []
        self._looked_at: datetime | None = None
        self._free_since: dict[int, datetime] = {}

    @property
    def held(self) -> tuple[int, ...]:
        return tuple(self._parts) if self._has_joined else ()

    @property
    def _has_joined(self) -> bool:
        return self._joined_in > 0 and self._joined_in == self._session.opened

    def take(self, now: datetime) -> tuple[int, ...]:
        """The partitions that are this relay's until it asks again. Nothing of it may be under way."""
        self._session.connection()
        if not self._has_joined and not self._join(now):
            return ()
        if self._partitions != WHOLE:
            self._share(now)
        return self.held

    def give_up(self) -> None:
        """At once, so that others need not wait until PostgreSQL sees the session end."""
        if self._has_joined:
            with suppress(psycopg.OperationalError):
                self._session.connection().execute("select pg_advisory_unlock_all()")
        self._joined_in, self._parts = 0, []

    # the relay lock

    def _join(self, now: datetime) -> bool:
        alone = self._partitions == WHOLE
        if not (self._is_had("pg_try_advisory_lock") if alone else self._agrees(now)):
            return False
        self._joined_in, self._parts = self._session.opened, [0] if alone else []
        self._looked_at, self._free_since = None, {}
        return True

    def _agrees(self, now: datetime) -> bool:
        """Whether this is among those who go by the same number; the lock is held, shared."""
        if not self._is_had("pg_try_advisory_lock_shared"):
            return False
        row = self._session.connection().execute("select partitions from relay_partitions").fetchone()
        if row == (self._partitions,):
            return True
        self._let("pg_advisory_unlock_shared")
        if not self._is_had("pg_try_advisory_lock"):
            return False
        self._session.connection().execute(AGREE, [self._partitions, now])
        log.info("partitions agreed", relay=self._name, partitions=self._partitions)
        is_had = self._is_had("pg_try_advisory_lock_shared")
        self._let("pg_advisory_unlock")
        return is_had

    # the partitions

    def _share(self, now: datetime) -> None:
        """Once a second; where it holds none, whenever it is asked."""
        if self._parts and self._looked_at is not None and now - self._looked_at < LOOKS_EVERY:
            return
        self._looked_at = now
        rows = self._session.connection().execute(HOLDERS, {"lock": RELAY_LOCK}).fetchall()
        relays, taken = rows[0] if rows else (1, [])
        most = -(-self._partitions // max(relays, 1))
        for part in self._parts[most:]:
            self._let("pg_advisory_unlock", part)
        self._parts = self._parts[:most]
        free = [part for part in range(self._partitions) if part not in taken]
        self._free_since = {part: self._free_since.get(part, now) for part in free}
        for part, since in self._free_since.items():
            if len(self._parts) < most or now - since >= ABANDONED:
                self._take(part)

    def _take(self, part: int) -> None:
        if part not in self._parts and self._is_had("pg_try_advisory_lock", part):
            self._parts = sorted([*self._parts, part])

    def _is_had(self, function: str, *part: int) -> bool:
        return self._ask(function, *part) is True

    def _let(self, function: str, *part: int) -> None:
        self._ask(function, *part)

    def _ask(self, function: str, *part: int) -> object:
        places = ", ".join(["%s"] * (1 + len(part)))
        query = f"select {function}({places})"
        row = self._session.connection().execute(query.encode(), [RELAY_LOCK, *part]).fetchone()
        return row and row[0]


AGREE = """
    insert into relay_partitions (partitions, agreed_at) values (%s, %s)
    on conflict (is_only) do update set partitions = excluded.partitions, agreed_at = excluded.agreed_at
"""
HOLDERS = """
    select count(*) filter (where objsubid = 1 and classid = 0 and objid = %(lock)s and mode = 'ShareLock')::int,
        coalesce(array_agg(objid::int) filter (where objsubid = 2 and classid = %(lock)s), '{}')
    from pg_locks
    where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())
"""
