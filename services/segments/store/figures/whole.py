"""How statements run that look at everybody: as rows lie, then sorted, not one by one in the order of an index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared.database.pool import Tx

MEMORY = "set local work_mem = '64MB'"
"""For the guests of a window and of the one before, who are sorted and stand in tables of hashes."""
TOGETHER = "set local enable_nestloop = off"
"""Tables that a statement makes for itself have no statistics: it was taken for certain that few guests are in them,
and each was looked up in tables of millions by itself."""


@contextmanager
def of_a_window(tx: Tx) -> Iterator[None]:
    tx.execute(MEMORY)
    tx.execute(TOGETHER)
    yield
    tx.execute("set local enable_nestloop to default")


@contextmanager
def of_everybody(tx: Tx) -> Iterator[None]:
    """By its index a table of millions is read in leaps all over it: a pass over three million stays took three times
    as long. PostgreSQL cannot know it of a database on fast discs, where single rows cost what many cost."""
    tx.execute("set local work_mem = '128MB'")
    tx.execute("set local enable_indexscan = off")
    tx.execute(TOGETHER)
    yield
    for setting in ("enable_nestloop", "enable_indexscan", "work_mem"):
        tx.execute(f"set local {setting} to default")
