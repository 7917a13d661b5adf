"""One question that opens a transaction, to a server that may not answer: psycopg waits for as long as it takes.

A pooler takes a connection and keeps its question until it has a server again; a process that was stopped, or a host
that hangs, keeps it for good.
"""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg
from psycopg import pq

Value = str | None


class NoAnswer(psycopg.OperationalError):
    """Nobody answered in time; the connection is closed."""


def asked_within(connection: psycopg.Connection[Any], question: str, seconds: float) -> list[Value]:
    """The values of its only row, as text; the transaction is open then, as psycopg would have opened it. Raises
    `NoAnswer`, and psycopg's other errors as `execute` does."""
    server = connection.pgconn
    server.send_query(f"begin; {question}".encode())
    found, until = list[pq.abc.PGresult](), time.monotonic() + seconds
    while True:
        while server.is_busy():
            _wait(connection, until - time.monotonic())
            server.consume_input()
        result = server.get_result()
        if result is None:
            break
        found.append(result)
    if server.status != pq.ConnStatus.OK or not found:
        raise psycopg.OperationalError("the connection is lost")
    last = found[-1]
    if last.status != pq.ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(last)
    return [_text(last.get_value(0, column)) for column in range(last.nfields)]


def _wait(connection: psycopg.Connection[Any], seconds: float) -> None:
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    if seconds <= 0 or not poll.poll(seconds * 1000):
        connection.close()
        raise NoAnswer("no answer in time")


def _text(value: bytes | None) -> Value:
    return None if value is None else value.decode()
