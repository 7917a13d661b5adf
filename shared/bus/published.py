"""What lies in an outbox of a scratch copy, read again."""

from __future__ import annotations

from collections.abc import Iterator

from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.events.wire import decode


def published_in(tx: Tx, *names: str) -> Iterator[Chunk]:
    """The chunks of these types, in the order in which they were published."""
    query = "select type, body from outbox where type = any(%s) order by id"
    for name, body in tx.execute(query, [list(names)]):
        yield decode(name, bytes(body))
