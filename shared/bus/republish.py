"""An owner says every subject's present state and version again, marked as republished.

So a new hearer, a lost table or a restored database fills itself: what a hearer has already, or has newer, its version
keeps out. It goes on the marketing lane whatever its type, since nothing that is due now may stand behind it.
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
    """Say all subjects after a key again, each chunk in a transaction of its own; how many there were.

    After a crash it is resumed with the key reached, or begun again: saying a thing twice harms nobody.
    """
    said = 0
    while True:
        with database.transaction() as tx:
            chunk = source(tx, after, most)
            publish(tx, replace(chunk, republished=True), at=at, lane=Lane.MARKETING)
        if not len(chunk):
            return said
        said += len(chunk)
        after = tuple(chunk[name][-1] for name in chunk.type.key)
