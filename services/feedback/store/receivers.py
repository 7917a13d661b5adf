"""By which accounts guests write to us, as messaging publishes them."""

from __future__ import annotations

from datetime import datetime

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events import Chunk


def keep(tx: Tx, chunk: Chunk) -> None:
    """The newest word about each."""
    tx.execute(
        """
        insert into receiver (sender_id, version, account, token_sealed, ends_at)
        select distinct on (sender_id) * from unnest(
            %(sender_id)s::uuid[], %(version)s::bigint[], %(account)s::text[], %(token)s::text[],
            %(ends_at)s::timestamptz[]) as said (sender_id, version, account, token, ends_at)
        order by sender_id, version desc
        on conflict (sender_id) do update
        set version = excluded.version, account = excluded.account, token_sealed = excluded.token_sealed,
            ends_at = excluded.ends_at
        where receiver.version < excluded.version
        """,
        chunk.columns,
    )


def tokens_of(tx: Tx, account: str, now: datetime) -> list[Sealed]:
    """What an account signs with."""
    query = """
        select token_sealed from receiver where account = %s and (ends_at is null or ends_at > %s)
        order by version desc, sender_id
    """
    return [Sealed(token) for (token,) in tx.execute(query, [account, now])]
