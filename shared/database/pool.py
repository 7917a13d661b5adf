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

T = TypeVar("T")
GIVEN_BACK_AFTER = 60.0  # seconds: what was opened while the database was in trouble is not kept for long
Params = Mapping[str, Any] | Sequence[Any] | None


@dataclass(frozen=True)
class Tx:
    """One open transaction of one service. Commands and stores take it; only doors make it. `is_scratch`: of a scratch
    copy, which holds no lock that others wait for, and counts nothing (`shared.database.scratch`)."""

    connection: psycopg.Connection[tuple[Any, ...]]
    service: str
    keyring: KeyRing
    is_scratch: bool = False

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
    """A service's database. Connections use UTC; SQL never asks for the time, it is a parameter."""

    def __init__(self, dsn: str, *, service: str, keyring: KeyRing, most: int = 4, settings: str = "") -> None:
        self.dsn, self.service, self.keyring = dsn, service, keyring.held_by(service)
        self._pool = ConnectionPool(
            dsn,
            min_size=0,
            max_size=most,
            max_idle=GIVEN_BACK_AFTER,
            open=False,
            name=service,
            timeout=PATIENCE,
            reconnect_timeout=PATIENCE,  # given up soon and begun anew: else the pauses grow with the outage
            configure=use_quick_lists,
            kwargs={
                "options": f"-c timezone=UTC -c jit=off {settings}".strip(),
                "application_name": f"guestloop {service}",
                "connect_timeout": CONNECT_WITHIN,
            },
        )

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Commits at the end of the block, rolls back if it raises."""
        self._pool.open()
        with self._pool.connection() as connection, connection.transaction():
            yield Tx(connection, self.service, self.keyring)

    @contextmanager
    def glance(self) -> Iterator[Tx]:
        """For one question that changes nothing: no transaction is opened around it, which saves two round trips."""
        self._pool.open()
        with self._pool.connection() as connection:
            connection.autocommit = True
            try:
                yield Tx(connection, self.service, self.keyring)
            finally:
                connection.autocommit = False

    def close(self) -> None:
        self._pool.close()
