"""One connection of its own beside the pool, for a role that asks the database many times a second or needs a session.

It goes to the server itself, past a pooler. It stays open between steps (an idle question costs one round trip), it may
hold a session lock, and it is opened anew after it was lost: what the session held is gone then, and the holder of a
lock asks for it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from shared.database.arrays import use_quick_lists
from shared.database.pool import CONNECT_WITHIN, Database, Tx
from shared.errors import DatabaseUnavailable

# The server looks after a client whose host vanished: its locks are free within a minute, not after two hours.
NOTICED = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"

Connection = psycopg.Connection[tuple[Any, ...]]


class DedicatedConnection:
    def __init__(self, database: Database, role: str, *, settings: str = "") -> None:
        self.database, self._role = database, role
        self._options = f"-c timezone=UTC -c jit=off {NOTICED} {settings}".strip()
        self._connection: Connection | None = None
        self.opened = 0  # how often a connection was opened: where it rises, a lock that was held is lost

    def connection(self) -> Connection:
        """The open connection, in autocommit mode. Raises psycopg.OperationalError where there is none to be had."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self.database.direct,
                autocommit=True,
                prepare_threshold=2,
                options=self._options,
                application_name=f"guestloop {self.database.service} {self._role}",
                connect_timeout=CONNECT_WITHIN,
            )
            use_quick_lists(self._connection)
            self.opened += 1
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Commits at the end of the block, rolls back if it raises."""
        connection = self.connection()
        with connection.transaction():
            yield self.database.tx(connection)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def is_passing(error: Exception) -> bool:
    """Whether an error is about the database's state and not about a message: the same work may succeed later."""
    lasting = (psycopg.errors.ProgramLimitExceeded, psycopg.errors.StatementTooComplex, psycopg.errors.QueryCanceled)
    return isinstance(error, psycopg.OperationalError) and not isinstance(error, lasting)


def unavailable(error: psycopg.Error) -> DatabaseUnavailable:
    """What a role waits for, as its state and its log tell it; the database's own text may quote a row."""
    return DatabaseUnavailable(f"{DatabaseUnavailable()} ({type(error).__name__})")
