"""Pieces of work that lie in a table: a role takes them by several connections at once, and other roles beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing

from shared.database.dedicated_connection import DedicatedConnection
from shared.database.pool import Database, Tx

PIECES_A_STEP = 8  # of one connection
Transaction = Callable[[], AbstractContextManager[Tx]]
TakeOne = Callable[[Transaction], bool]
"""Takes a piece that nobody works on and does it, in transactions of its own; False where none is left for it."""


def by_several(database: Database, take_one: TakeOne, at_once: int, stop: threading.Event | None = None) -> int:
    """Some pieces, by so many at once; returns how many. Once `stop` is set, no other is begun."""
    stop = stop or threading.Event()
    with ThreadPoolExecutor(max(1, at_once - 1)) as pool:
        beside = [pool.submit(_help, database, take_one, stop) for _ in range(at_once - 1)]
        done = _take_some(database.transaction, take_one, stop)
        return done + sum(one.result() for one in beside)


def _help(database: Database, take_one: TakeOne, stop: threading.Event) -> int:
    """By a connection of its own: those of the pool are for the other roles."""
    with closing(DedicatedConnection(database, "evaluator")) as own:
        return _take_some(own.transaction, take_one, stop)


def _take_some(transaction: Transaction, take_one: TakeOne, stop: threading.Event) -> int:
    for done in range(PIECES_A_STEP):
        if stop.is_set() or not take_one(transaction):
            return done
    return PIECES_A_STEP
