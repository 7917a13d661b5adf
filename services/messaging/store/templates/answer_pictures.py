"""The pictures that answers bring, by message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row


@row
class Kept:
    """`content_sealed`: base64, sealed as an answer."""

    media_type: str
    content_sealed: str


def keep(tx: Tx, columns: Mapping[str, Sequence[Any]]) -> None:
    """Each once: of an answer that comes again the first one stands."""
    tx.execute(KEEP, columns)


def of_message(tx: Tx, message_id: UUID) -> Kept | None:
    query = "select media_type, content_sealed from answer_picture where message_id = %s"
    found = tx.rows(Kept, query, [message_id])
    return found[0] if found else None


KEEP = """
    insert into answer_picture (message_id, media_type, content_sealed, answered_at)
    select message_id, type, picture, answered_at
    from unnest(%(message_id)s::uuid[], %(picture_type)s::text[], %(picture)s::text[], %(answered_at)s::timestamptz[])
        as told (message_id, type, picture, answered_at)
    where picture is not null and type is not null
    on conflict do nothing
"""
