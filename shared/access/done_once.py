"""A request with an `Idempotency-Key` is done once: the same again is answered as the first, another body is refused.

The row is written in the transaction of the effect, so that both are there or neither. Of two at once the second waits
for the first to commit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from shared.database.pool import Tx
from shared.errors import Conflict

KEPT = timedelta(days=7)


class OtherBody(Conflict):
    """This Idempotency-Key was used for another request: use a new key for a new request."""


def once(tx: Tx, caller: UUID, key: str, request: bytes, at: datetime, do: Callable[[], str]) -> str:
    """The number of what `do` made, or had made the first time. `request`: method, path and body. Without a `key` it is
    done each time. Raises `OtherBody`.
    """
    if not key:
        return do()
    tx.execute("delete from api_request where caller = %s and at < %s", (caller, at - KEPT))
    digest = sha256(request).digest()
    new = tx.execute(
        "insert into api_request (caller, key, digest, at) values (%s, %s, %s, %s) on conflict do nothing",
        (caller, key, digest, at),
    ).rowcount
    if not new:
        known = tx.execute("select digest, made from api_request where (caller, key) = (%s, %s)", (caller, key))
        row = known.fetchone()
        assert row is not None, "it was there a moment ago"
        if row[0] != digest:
            raise OtherBody()
        return str(row[1])
    made = do()
    tx.execute("update api_request set made = %s where (caller, key) = (%s, %s)", (made, caller, key))
    return made
