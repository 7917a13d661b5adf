"""How one migration is applied to a database at which others are at work.

Whoever wants a table for themselves (`alter table`) waits for everybody who reads it, a backup of an hour too, and
everybody who comes later waits behind them: a migration that is patient stops the house. So a migration waits for a
lock for a moment only, gives up, lets the others go on, and tries again after a growing pause. What the first line of
its file says decides how it runs:

- nothing: all of it in one transaction, with the note that it was applied.
- `-- migrate: concurrently`: statement by statement, each outside a transaction: indexes that are made, or dropped,
  while the table is written to. An index that a run left half made, because it died, is dropped and made anew.
- `-- migrate: in sets`: each statement changes so many rows at most (`limit`) and is run again and again, each time in
  a transaction of its own, until it changes none. A run that died goes on where it was.

A crash on any line leaves a file that is applied as a whole (the first kind) or not noted as applied, and each of its
statements may run again. Statements of the last two kinds must bear that.

Within a transaction of the caller's (a database that is being filled and that nobody else knows) files of all kinds run
there, indexes at once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import psycopg
import structlog
from psycopg import sql
from psycopg.pq import TransactionStatus

from shared.database.statements import statements_in

log = structlog.get_logger()

Connection = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")
KIND = re.compile(r"-- migrate: ([a-z ]+)")
INDEX = re.compile(r"create\s+(?:unique\s+)?index\s+concurrently\s+if\s+not\s+exists\s+(\w+)", re.IGNORECASE)
CONCURRENTLY = re.compile(r"\bconcurrently\b", re.IGNORECASE)
TELL_EVERY = 100  # sets


class Kind(StrEnum):
    """How a file runs."""

    WHOLE = "whole"
    CONCURRENTLY = "concurrently"
    IN_SETS = "in sets"


@dataclass(frozen=True)
class Patience:
    """`lock`: milliseconds for which a migration stands in the way of others; `pauses`: seconds between its attempts,
    after the last of which it fails."""

    lock: int = 2_000
    pauses: Sequence[float] = (1, 2, 4, 8, 15, *[30] * 19)  # ten minutes in all, and two seconds for each attempt
    sleep: Callable[[float], object] = time.sleep


USUAL = Patience()


def kind_of(text: str) -> Kind:
    """Raises ValueError for a kind that there is not."""
    found = KIND.match(text)
    return Kind(found[1].strip()) if found else Kind.WHOLE


def apply(connection: Connection, name: str, text: str, note: Callable[[], object], patience: Patience) -> None:
    """`note`: writes down that it was applied. Raises psycopg.Error, of a lock that was not to be had too."""
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        with connection.transaction():
            _at_once(connection, text)
            note()
        return
    match kind_of(text):
        case Kind.WHOLE:
            _patiently(connection, name, patience, partial(_whole, connection, text, note, patience))
        case Kind.CONCURRENTLY:
            for statement in statements_in(text):
                _patiently(connection, name, patience, partial(_concurrently, connection, statement))
            note()
        case Kind.IN_SETS:
            for statement in statements_in(text):
                _in_sets(connection, name, statement, patience)
            note()


def _at_once(connection: Connection, text: str) -> None:
    match kind_of(text):
        case Kind.WHOLE:
            connection.execute(text.encode())
        case Kind.CONCURRENTLY:
            for statement in statements_in(text):
                connection.execute(CONCURRENTLY.sub("", statement).encode())
        case Kind.IN_SETS:
            for statement in statements_in(text):
                while connection.execute(statement.encode()).rowcount > 0:
                    pass


def _whole(connection: Connection, text: str, note: Callable[[], object], patience: Patience) -> None:
    with connection.transaction():
        _wait_at_most(connection, patience)
        connection.execute(text.encode())
        note()


def _concurrently(connection: Connection, statement: str) -> None:
    """It waits for transactions that began before, and nobody waits for it: it may take its time."""
    if (made := INDEX.match(statement)) and _is_half_made(connection, made[1]):
        log.warning("an index was left half made and is made anew", index=made[1])
        connection.execute(sql.SQL("drop index concurrently {}").format(sql.Identifier(made[1].lower())))
    connection.execute(statement.encode())


def _is_half_made(connection: Connection, name: str) -> bool:
    query = "select not indisvalid from pg_index where indexrelid = to_regclass(%s)"
    return connection.execute(query, [name]).fetchone() == (True,)


def _in_sets(connection: Connection, name: str, statement: str, patience: Patience) -> None:
    rows = sets = 0

    def one_set() -> int:
        with connection.transaction():
            _wait_at_most(connection, patience)
            return connection.execute(statement.encode()).rowcount

    while (changed := _patiently(connection, name, patience, one_set)) > 0:
        rows, sets = rows + changed, sets + 1
        if sets % TELL_EVERY == 0:
            log.info("a migration goes on", migration=name, rows=rows)


def _wait_at_most(connection: Connection, patience: Patience) -> None:
    connection.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(patience.lock)))


def _patiently(connection: Connection, name: str, patience: Patience, attempt: Callable[[], T]) -> T:
    """Again after each pause, where somebody else holds what it needs."""
    for number, pause in enumerate(patience.pauses, start=1):
        try:
            return attempt()
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
            log.warning(
                "a migration waits: others hold what it needs",
                migration=name,
                attempt=number,
                again_in=pause,
                oldest=_oldest(connection),
                error=type(error).__name__,
            )
            patience.sleep(pause)
    return attempt()


def _oldest(connection: Connection) -> list[str]:
    """Who has been at a transaction here for longest, and since when: most likely they hold it."""
    query = """
        select application_name || ' since ' || xact_start from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
        order by xact_start limit 3
    """
    return [one for (one,) in connection.execute(query) if one]
