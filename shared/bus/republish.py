"""An owner publishes the present state and version of every subject again, marked as republished.

So a new subscriber, a lost table or a restored database is filled: a subscriber ignores a version that it has already
or has newer. It goes on the marketing lane whatever its type, so that nothing that is due now waits behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.bus.outbox import MOST_SUBJECTS, publish
from shared.database.pool import Database, Tx
from shared.events.dictionary import Chunk, Lane

Key = tuple[Any, ...]

Source = Callable[[Tx, Key | None, int], Chunk]
"""Present state in the order of the type's key: the chunk of at most so many subjects after a key (None: from the
first). An empty chunk says that there are no more."""


def republish(
    database: Database, source: Source, at: datetime, *, after: Key | None = None, most: int = MOST_SUBJECTS
) -> int:
    """Publish all subjects after a key again, each chunk in a transaction of its own; how many there were.

    After a crash it is resumed with the last key, or begun again: handlers are idempotent.
    """
    published = 0
    while True:
        with database.transaction() as tx:
            chunk = source(tx, after, most)
            publish(tx, replace(chunk, republished=True), at=at, lane=Lane.MARKETING)
        if not len(chunk):
            return published
        published += len(chunk)
        after = tuple(chunk[name][-1] for name in chunk.type.key)
