"""Sessions of test databases are used again: what a server process knows of a schema it learns once, not once a test.

A new session of PostgreSQL is a new process that reads the catalogue for whatever it is asked: for a small test that is
more than the test's own work. So a session that is closed in good order is cleared by `DISCARD ALL` (settings, locks,
prepared statements, temporary tables, what it listened to) and kept; whoever connects next with the same words gets it,
in a `psycopg.Connection` of its own. What was left in a transaction, was ended or lost is closed as everywhere.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Generator
from typing import Any

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, PGconn, TransactionStatus

MOST_OF_A_KIND = 2
CLEAR, PING = b"discard all", b""
CLOSED = PGconn.connect_start(b"host=127.0.0.1 port=1")
CLOSED.finish()

_CONNECT, _CLOSE = psycopg.Connection._connect_gen, psycopg.Connection.close


class WarmSessions:
    """Sessions that nobody uses now, by the words they were connected with."""

    def __init__(self) -> None:
        self._databases: set[str] = set()
        self._kept: defaultdict[str, list[Any]] = defaultdict(list)
        self._lock, self._process = threading.Lock(), os.getpid()

    def keep_those_of(self, database: str) -> None:
        """From now on."""
        self._databases.add(database)

    def pids(self, database: str) -> list[int]:
        """The server's processes of those that are kept."""
        with self._lock:
            return [one.backend_pid for kept in self._kept.values() for one in kept if _database(one) == database]

    def let_go(self, database: str) -> None:
        """Those of a database are closed."""
        with self._lock:
            for kept in self._kept.values():
                for one in [one for one in kept if _database(one) == database]:
                    kept.remove(one)
                    one.finish()

    def take(self, words: str) -> Any:
        """One that lives; None where there is none."""
        while os.getpid() == self._process:  # a forked process has none of its own
            with self._lock:
                if not self._kept[words]:
                    return None
                session = self._kept[words].pop()
            if session.exec_(PING).status == ExecStatus.EMPTY_QUERY:
                return session
            session.finish()
        return None

    def keep(self, words: str, session: Any) -> bool:
        """Whether it is kept; it is cleared then."""
        if os.getpid() != self._process or _database(session) not in self._databases:
            return False
        if session.transaction_status != TransactionStatus.IDLE:
            return False
        if session.exec_(CLEAR).status != ExecStatus.COMMAND_OK:
            return False
        with self._lock:
            if is_wanted := len(self._kept[words]) < MOST_OF_A_KIND:
                self._kept[words].append(session)
        return is_wanted


WARM = WarmSessions()


def connect_gen(cls: type[Any], conninfo: str = "") -> Generator[Any, Any, Any]:
    """In place of `Connection._connect_gen`."""
    if session := WARM.take(conninfo):
        connection = cls(session)
    else:
        connection = yield from _CONNECT.__func__(cls, conninfo)  # type: ignore[attr-defined]
    connection.words_connected_with = conninfo
    return connection


def close(connection: Any) -> None:
    """In place of `Connection.close`."""
    words = getattr(connection, "words_connected_with", None)
    is_borrowed = getattr(connection, "_pool", None) and getattr(connection._pool, "close_returns", False)
    if words and not is_borrowed and connection.pgconn.status == ConnStatus.OK and WARM.keep(words, connection.pgconn):
        connection._closed, connection.pgconn = True, CLOSED
    _CLOSE(connection)


def _database(session: Any) -> str:
    return str(session.db.decode()) if session.status == ConnStatus.OK else ""
