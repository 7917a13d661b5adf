"""How statements run that look at everybody: as rows lie, then sorted, not one by one in the order of an index.

Tables that a statement makes for itself have no statistics: it was taken for certain that few guests are in them, and
each was looked up in tables of millions by itself. So no loop is nested in another.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from services.segments.store.plans import planned
from shared.database.pool import Tx

MEMORY = "64MB"
"""For the guests of a window and of the one before, who are sorted and stand in tables of hashes."""


def of_a_window(tx: Tx) -> AbstractContextManager[None]:
    return planned(tx, work_mem=MEMORY, enable_nestloop="off")


def of_everybody(tx: Tx) -> AbstractContextManager[None]:
    """By its index a table of millions is read in leaps all over it: a pass over three million stays took three times
    as long. PostgreSQL cannot know it of a database on fast discs, where single rows cost what many cost."""
    return planned(tx, work_mem="128MB", enable_indexscan="off", enable_nestloop="off")
