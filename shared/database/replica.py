"""A streaming standby of a service's database, or a balancer before several, that pages read from.

What it promises to whoever reads:

- **Never older than their own writes.** A reader who knows a position of the log is served by a standby that has
  replayed it, or by the primary. The standby is asked in the transaction that then reads, so it does not matter whose
  process reads and which of several standbys answers; at «read committed» what is read later is never older.
- **Never older than `most_behind`.** How far a standby is behind is known in two ways, each an upper bound, of which
  the smaller counts: the age of the newest position that this process saw at the primary and finds replayed here, and
  the age of the newest commit replayed. The first knows no clock but this machine's, but only what it saw; the second
  grows while nobody writes, and trusts that both machines have the same time.
- **Never without an answer.** Where there is no standby, or it is behind, or all its connections are taken, nobody
  waits for it: the caller reads at the primary. Whoever cannot be reached is not tried again for a few seconds.

What fails on the way (a conflict with recovery, a lost connection, a table that is not there yet) is `ReplicaFailed`:
the caller does it again at the primary.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import psycopg
import structlog
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from shared.database.asked_within import NoAnswer, asked_within
from shared.errors import GuestloopError

WAITS_FOR_IT = 0.5  # seconds for a connection to it, then the primary is asked
ANSWERS_WITHIN = 2.0  # seconds: a pooler keeps a question until its server is back, a process that was stopped for good
TRIED_AGAIN_AFTER = 3.0  # seconds, where it could not be reached; then one reader tries, and the others do not wait
SAMPLES = 64  # positions of the primary that are remembered, twice as far back as a standby may be behind

POSITION = "select (pg_current_wal_insert_lsn() - '0/0')::bigint"
STANDING = """
    select pg_is_in_recovery(), (pg_last_wal_replay_lsn() - '0/0')::bigint,
        extract(epoch from pg_last_xact_replay_timestamp())
"""

Connection = psycopg.Connection[tuple[Any, ...]]
log = structlog.get_logger()


class Because(StrEnum):
    """Why a read that might have gone to the replica went to the primary."""

    AWAY = "away"
    BEHIND = "behind"
    NO_STANDBY = "no_standby"
    """What answers there is a primary: it was promoted, or the setting names the wrong server."""
    OWN_WRITE = "own_write"
    BUSY = "busy"
    FAILED = "failed"
    """It began there and was done again: a conflict with recovery, a lost connection."""
    WRITES = "writes"


OUTAGES = (Because.AWAY, Because.BEHIND, Because.NO_STANDBY)
REPLICA = "replica"


class ReplicaFailed(GuestloopError):
    """What was read from the replica could not be read to its end; it is read again at the primary."""

    def __init__(self, because: Because) -> None:
        self.because = because
        super().__init__()


@dataclass(frozen=True)
class Standing:
    """What a standby said of itself: the position it has replayed, and how many seconds it may be behind at most."""

    position: int
    behind: float


@dataclass
class Figures:
    """`reads`: how many went to the replica (`REPLICA`), or to the primary and why. `behind`: seconds, at the last
    look; None where that is not known. `left_out_since`: seconds since 1970; None while it is read from."""

    reads: Counter[str] = field(default_factory=Counter)
    behind: float | None = None
    left_out_since: float | None = None
    because: Because | None = None


class Replica:
    """`position`: asks the primary where its log is. `most_behind`: how old what is read may be."""

    def __init__(
        self,
        pool: ConnectionPool,
        *,
        service: str,
        position: Callable[[], int],
        most_behind: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._pool, self._service, self._now = pool, service, now
        self._most_behind = most_behind.total_seconds()
        self._seats = threading.BoundedSemaphore(pool.max_size)
        self._primary = _Positions(position, self._most_behind)
        self._not_before, self._lock = 0.0, threading.Lock()
        self.figures = Figures()

    @contextmanager
    def reading(self, after: int) -> Iterator[tuple[Connection, Standing] | None]:
        """An open read-only transaction there, which has replayed `after`; None where the primary is to be read from.
        Raises `ReplicaFailed` where what is done with it fails for the replica's sake."""
        with ExitStack() as stack:
            found = self._found(stack, after)
            self.counts(found if isinstance(found, Because) else None)
            if isinstance(found, Because):
                yield None
                return
            try:
                yield found
            except psycopg.Error as error:
                if because := _replicas_fault(error, found[0]):
                    self.counts(because)
                    raise ReplicaFailed(because) from error
                raise

    def counts(self, because: Because | None) -> None:
        """One read at the primary, and why; None: at the replica."""
        with self._lock:
            self.figures.reads[because or REPLICA] += 1

    def look(self) -> Figures:
        """As it is now, though nobody reads."""
        with ExitStack() as stack:
            self._found(stack, 0)
        return self.figures

    def close(self) -> None:
        self._pool.close()

    def _found(self, stack: ExitStack, after: int) -> tuple[Connection, Standing] | Because:
        if not self._may_try():
            return Because.AWAY
        if not self._seats.acquire(timeout=WAITS_FOR_IT):
            return Because.BUSY
        stack.callback(self._seats.release)
        self._primary.look()
        try:
            found = self._asked(stack, after)
        except (psycopg.Error, PoolTimeout):
            found, self._not_before = Because.AWAY, time.monotonic() + TRIED_AGAIN_AFTER
        if isinstance(found, Because):
            stack.close()
        self._notes(found if found in OUTAGES else None)
        return found

    def _may_try(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._not_before:
                return False
            if self.figures.because is Because.AWAY:
                self._not_before = now + TRIED_AGAIN_AFTER
            return True

    def _asked(self, stack: ExitStack, after: int) -> tuple[Connection, Standing] | Because:
        """Raises psycopg.Error or PoolTimeout where nobody answers there. A server that was gone and is back leaves
        dead connections in the pool: each is tried once."""
        self._pool.open()
        for left in reversed(range(self._pool.max_size + 1)):
            with ExitStack() as held:
                connection = held.enter_context(self._pool.connection(timeout=WAITS_FOR_IT))
                try:
                    told = asked_within(connection, STANDING, ANSWERS_WITHIN)
                except NoAnswer:
                    raise
                except psycopg.OperationalError:
                    if not (connection.closed and left):
                        raise
                    continue
                stack.push(held.pop_all())
                break
        is_standby, replayed, committed_at = told
        if is_standby != "t" or replayed is None:
            return Because.NO_STANDBY
        position = int(replayed)
        found = Standing(position, min(self._primary.age_of(position), self._age_of(committed_at)))
        self.figures.behind = found.behind if found.behind < float("inf") else None
        if found.behind > self._most_behind:
            return Because.BEHIND
        return (connection, found) if position >= after else Because.OWN_WRITE

    def _age_of(self, committed_at: str | None) -> float:
        return max(self._now().timestamp() - float(committed_at), 0.0) if committed_at else float("inf")

    def _notes(self, because: Because | None) -> None:
        """Says once that it is left out, and once that it is read from again."""
        with self._lock:
            before, self.figures.because = self.figures.because, because
            since = self.figures.left_out_since
            if because and since is None:
                self.figures.left_out_since = self._now().timestamp()
            elif not because:
                self.figures.left_out_since, self._not_before = None, 0.0
        if because and before is None:
            log.warning("replica left out", service=self._service, reason=because.value, behind=self.figures.behind)
        elif before and not because:
            seconds = round(self._now().timestamp() - since) if since else 0
            log.info("replica read from again", service=self._service, seconds=seconds)


class _Positions:
    """Where the primary's log was, and when this process saw it: about once a second while somebody reads."""

    def __init__(self, position: Callable[[], int], most_behind: float) -> None:
        self._position = position
        self._every = max(min(1.0, most_behind / 4), 2 * most_behind / SAMPLES)
        self._seen: deque[tuple[float, int]] = deque(maxlen=SAMPLES)
        self._lock, self._next = threading.Lock(), 0.0

    def look(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return
            self._next = now + self._every
        with suppress(psycopg.Error, PoolTimeout):  # pages find out by themselves that the primary is away
            self._seen.append((now, self._position()))

    def age_of(self, replayed: int) -> float:
        """How long ago at most all was replayed that the primary had; infinite where that is not known."""
        now = time.monotonic()
        return min((now - at for at, position in list(self._seen) if position <= replayed), default=float("inf"))


def _replicas_fault(error: psycopg.Error, connection: Connection) -> Because | None:
    """Whether the primary may do what failed here; None where it would fail there as well."""
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return Because.WRITES
    if isinstance(error, psycopg.OperationalError) or connection.closed:
        return Because.FAILED
    if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn | errors.UndefinedFunction):
        return Because.FAILED  # a migration is not replayed yet
    return None
