"""One service's database: a pool, and transactions that know their service and its key ring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import starmap
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool

from shared.clock import SystemClock
from shared.crypto.sealing import KeyRing
from shared.database.arrays import use_quick_lists
from shared.database.replica import POSITION, Replica, ReplicaFailed

PATIENCE = 8.0  # seconds a transaction waits for a connection: less than a stopping role has left
CONNECT_WITHIN = 5

# A pooler whose session of the server ended tells the client so, and once more that it is gone: two answers to one
# statement, which psycopg takes for an error of its own.
OUT_OF_STEP = "the session was lost in the middle of a statement"
IN_UTC = "set timezone to 'UTC'"

T = TypeVar("T")
GIVEN_BACK_AFTER = 60.0  # seconds: what was opened while the database was in trouble is not kept for long
# A session keeps a plan of each statement it was asked five times, of a hundred at most: megabytes, none of which it
# gives back before it ends. In an hour five times is often; in a month also what is done once a night is.
RENEWED_AFTER = 3600.0  # seconds
# a replica whose host vanished is given up within seconds, and the primary asked
NOTICED_SOON = {"tcp_user_timeout": 5000, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2}
Params = Mapping[str, Any] | Sequence[Any] | None


@dataclass(frozen=True)
class Tx:
    """One open transaction of one service. Commands and stores take it; only doors make it. `is_scratch`: of a scratch
    copy, which holds no lock that others wait for, and counts nothing (`shared.database.scratch`). `partitions`: of the
    service's outbox. `replayed`: of a replica, the position in the log that it had replayed; None at the primary."""

    connection: psycopg.Connection[tuple[Any, ...]]
    service: str
    keyring: KeyRing
    is_scratch: bool = False
    partitions: int = 1
    replayed: int | None = None
    primary: Callable[[], AbstractContextManager[Tx]] | None = None

    def execute(self, query: str | sql.Composed, params: Params = None) -> psycopg.Cursor[tuple[Any, ...]]:
        return self.connection.execute(query, params)

    def rows(self, kind: type[T], query: str, params: Params = None) -> list[T]:
        """The rows of a query as `kind`, a dataclass whose fields are the columns; best in the same order."""
        cursor = self.execute(query, params)
        columns, found = tuple(column.name for column in cursor.description or ()), cursor.fetchall()
        if columns == getattr(kind, "__match_args__", ()):
            return list(starmap(kind, found))
        return [kind(**dict(zip(columns, values, strict=True))) for values in found]

    @contextmanager
    def writing(self) -> Iterator[Tx]:
        """For what is noted about a read: this transaction, or one of its own at the primary where this one reads from
        a replica. It is then noted before it is shown."""
        if self.primary is None:
            yield self
        else:
            with self.primary() as noting:
                yield noting

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        with self.connection.transaction():
            yield

    @contextmanager
    def copy(self, statement: str) -> Iterator[psycopg.Copy]:
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            yield copy


class Database:
    """A service's database. Connections use UTC; SQL never asks for the time, it is a parameter.

    `direct`: the same without the pooler, where `dsn` names PgBouncer in transaction mode. Behind it two transactions
    may find two sessions of the server: nothing is asked of a session there, no setting at its start, no prepared
    statement, no lock that outlives its transaction. Whoever needs one takes a `DedicatedConnection`, which is direct.
    `partitions`: how many relays of the service may publish side by side (`shared.bus.partitions`).
    `replica`: a streaming standby of it, that `reading` reads from where it is not further behind than `most_behind`.
    """

    def __init__(
        self,
        dsn: str,
        *,
        service: str,
        keyring: KeyRing,
        most: int = 4,
        direct: str = "",
        partitions: int = 1,
        replica: str = "",
        most_behind: timedelta = timedelta(seconds=10),
    ) -> None:
        self.partitions = partitions
        self.dsn, self.service, self.keyring = dsn, service, keyring.held_by(service)
        self.direct = direct or dsn
        self.is_pooled = self.direct != dsn
        self._pool = _pool(dsn, service, most, is_pooled=self.is_pooled)
        self._past_the_pooler = _pool(self.direct, service, most) if self.is_pooled else self._pool
        self.replica_dsn, self.most_behind = replica, most_behind
        self.replica = self._replica(most) if replica else None

    @property
    def places(self) -> list[str]:
        """Where it is reached: one, or the pooler and the server."""
        return [self.dsn, self.direct] if self.is_pooled else [self.dsn]

    def tx(self, connection: psycopg.Connection[Any]) -> Tx:
        """Of a transaction that is open on that connection to it."""
        return Tx(connection, self.service, self.keyring, partitions=self.partitions)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Commits at the end of the block, rolls back if it raises."""
        yield from self._transaction(self._pool)

    @contextmanager
    def long_transaction(self) -> Iterator[Tx]:
        """For one that stays open while others come and go, or for as long as somebody reads: it goes past a pooler,
        whose few sessions everybody shares."""
        yield from self._transaction(self._past_the_pooler)

    def _transaction(self, pool: ConnectionPool) -> Iterator[Tx]:
        pool.open()
        with pool.connection() as connection:
            try:
                with connection.transaction():
                    yield self.tx(connection)
            except psycopg.InternalError as error:
                if error.sqlstate is not None:  # the server's own
                    raise
                connection.close()
                raise psycopg.OperationalError(OUT_OF_STEP) from error

    @contextmanager
    def glance(self) -> Iterator[Tx]:
        """For one question that changes nothing: no transaction is opened around it, which saves two round trips."""
        self._pool.open()
        with self._pool.connection() as connection:
            connection.autocommit = True
            try:
                yield self.tx(connection)
            finally:
                connection.autocommit = False

    @contextmanager
    def reading(self, after: int = 0, *, is_long: bool = False) -> Iterator[Tx]:
        """For what is read only, and may be some seconds old: at the replica where there is one that has replayed the
        position `after` and is near enough, else as `transaction`, or `long_transaction`. Raises `ReplicaFailed`
        (`shared.database.replica`) where it is to be read again at the primary."""
        if self.replica is not None:
            with self.replica.reading(after) as found:
                if found is not None:
                    tx = self.tx(found[0])
                    yield replace(tx, replayed=found[1].position, primary=self.transaction)
                    return
        yield from self._transaction(self._past_the_pooler if is_long else self._pool)

    def read(self, work: Callable[[Tx], T]) -> T:
        """What `work` finds in one long reading; done a second time, at the primary, where a replica failed it."""
        try:
            with self.reading(is_long=True) as tx:
                return work(tx)
        except ReplicaFailed:
            with self.long_transaction() as tx:
                return work(tx)

    def position(self) -> int:
        """Where the log is: whoever asks after a commit finds that commit wherever this is replayed."""
        with self.glance() as tx:
            row = tx.execute(POSITION).fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        self._pool.close()
        self._past_the_pooler.close()
        if self.replica:
            self.replica.close()

    def _replica(self, most: int) -> Replica:
        """Where the database is behind a pooler its replica may be so as well."""
        return Replica(
            _pool(self.replica_dsn, self.service, most, is_pooled=self.is_pooled, is_replica=True),
            service=self.service,
            position=self.position,
            most_behind=self.most_behind,
            now=SystemClock().now,  # of what the servers' clocks say, also where a service lives on a virtual one
        )


def _pool(dsn: str, service: str, most: int, *, is_pooled: bool = False, is_replica: bool = False) -> ConnectionPool:
    at_start = {"prepare_threshold": None} if is_pooled else {"options": "-c timezone=UTC -c jit=off"}
    return ConnectionPool(
        dsn,
        min_size=0,
        max_size=most,
        max_idle=GIVEN_BACK_AFTER,
        max_lifetime=RENEWED_AFTER,
        open=False,
        name=service,
        timeout=PATIENCE,
        reconnect_timeout=PATIENCE,  # given up soon and begun anew: else the pauses grow with the outage
        configure=_behind_a_pooler if is_pooled else use_quick_lists,
        kwargs={
            **at_start,
            **(NOTICED_SOON if is_replica else {}),
            "application_name": f"guestloop {service}",
            "connect_timeout": CONNECT_WITHIN,
        },
    )


def _behind_a_pooler(connection: psycopg.Connection[Any]) -> None:
    """PgBouncer refuses settings at the start of a session. The zone is one of the few that it keeps by client and sets
    on whichever session of the server the client is given."""
    use_quick_lists(connection)
    connection.autocommit = True
    connection.execute(IN_UTC)
    connection.autocommit = False
