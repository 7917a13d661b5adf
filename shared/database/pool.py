"""One service's database: a pool, and transactions that know their service and its key ring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import starmap
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool

from shared.crypto.sealing import KeyRing
from shared.database.arrays import use_quick_lists

PATIENCE = 8.0  # seconds a transaction waits for a connection: less than a stopping role has left
CONNECT_WITHIN = 5

# A pooler whose session of the server ended tells the client so, and once more that it is gone: two answers to one
# statement, which psycopg takes for an error of its own.
OUT_OF_STEP = "the session was lost in the middle of a statement"
IN_UTC = "set timezone to 'UTC'"

T = TypeVar("T")
GIVEN_BACK_AFTER = 60.0  # seconds: what was opened while the database was in trouble is not kept for long
Params = Mapping[str, Any] | Sequence[Any] | None


@dataclass(frozen=True)
class Tx:
    """One open transaction of one service. Commands and stores take it; only doors make it. `is_scratch`: of a scratch
    copy, which holds no lock that others wait for, and counts nothing (`shared.database.scratch`). `partitions`: of the
    service's outbox."""

    connection: psycopg.Connection[tuple[Any, ...]]
    service: str
    keyring: KeyRing
    is_scratch: bool = False
    partitions: int = 1

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
    """

    def __init__(
        self, dsn: str, *, service: str, keyring: KeyRing, most: int = 4, direct: str = "", partitions: int = 1
    ) -> None:
        self.partitions = partitions
        self.dsn, self.service, self.keyring = dsn, service, keyring.held_by(service)
        self.direct = direct or dsn
        self.is_pooled = self.direct != dsn
        self._pool = _pool(dsn, service, most, is_pooled=self.is_pooled)
        self._past_the_pooler = _pool(self.direct, service, most) if self.is_pooled else self._pool

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

    def close(self) -> None:
        self._pool.close()
        self._past_the_pooler.close()


def _pool(dsn: str, service: str, most: int, *, is_pooled: bool = False) -> ConnectionPool:
    at_start = {"prepare_threshold": None} if is_pooled else {"options": "-c timezone=UTC -c jit=off"}
    return ConnectionPool(
        dsn,
        min_size=0,
        max_size=most,
        max_idle=GIVEN_BACK_AFTER,
        open=False,
        name=service,
        timeout=PATIENCE,
        reconnect_timeout=PATIENCE,  # given up soon and begun anew: else the pauses grow with the outage
        configure=_behind_a_pooler if is_pooled else use_quick_lists,
        kwargs={**at_start, "application_name": f"guestloop {service}", "connect_timeout": CONNECT_WITHIN},
    )


def _behind_a_pooler(connection: psycopg.Connection[Any]) -> None:
    """PgBouncer refuses settings at the start of a session. The zone is one of the few that it keeps by client and sets
    on whichever session of the server the client is given."""
    use_quick_lists(connection)
    connection.autocommit = True
    connection.execute(IN_UTC)
    connection.autocommit = False
