"""Pictures that came with replies: where it is to be had first, the picture once it was fetched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.ids import make_id
from shared.rows import row

IN_THE_MAIL = "mail:"
"""Before the place of a picture among those of the mail that the reply came in."""


@row
class Due:
    picture_id: UUID
    reply_id: UUID
    url_sealed: str
    tries: int


@row
class Shown:
    content_type: str
    content_sealed: str


def add(tx: Tx, reply_id: UUID, urls_sealed: Sequence[str], at: datetime) -> None:
    """Each to be fetched at once; the same reply again adds nothing."""
    places = range(len(urls_sealed))
    ids = [make_id("reply picture", reply_id, place) for place in places]
    tx.execute(ADD, {"ids": ids, "places": list(places), "urls": list(urls_sealed), "reply_id": reply_id, "at": at})


def next_due(tx: Tx) -> datetime | None:
    found = tx.execute("select min(next_at) from reply_picture where state = 'waiting'").fetchone()
    return found[0] if found else None


def claim(tx: Tx, most: int, now: datetime, again_at: datetime) -> list[Due]:
    """Those that are due, which nobody else takes until `again_at`."""
    return tx.rows(Due, CLAIM, {"most": most, "now": now, "again": again_at})


def keep(tx: Tx, picture_id: UUID, content_type: str, content_sealed: str) -> None:
    """The picture is here; where it was fetched from is forgotten. One erased meanwhile stays erased."""
    tx.execute(
        """
        update reply_picture set state = 'kept', content_type = %s, content_sealed = %s, url_sealed = null
        where picture_id = %s and state = 'waiting'
        """,
        [content_type, content_sealed, picture_id],
    )


def lose(tx: Tx, picture_id: UUID) -> None:
    """It cannot be had."""
    query = "update reply_picture set state = 'lost', url_sealed = null where picture_id = %s and state = 'waiting'"
    tx.execute(query, [picture_id])


def wait(tx: Tx, picture_id: UUID, until: datetime) -> None:
    tx.execute("update reply_picture set next_at = %s where picture_id = %s and state = 'waiting'", [until, picture_id])


def shown(tx: Tx, reply_id: UUID, picture_id: UUID) -> Shown | None:
    query = """
        select content_type, content_sealed from reply_picture
        where reply_id = %s and picture_id = %s and state = 'kept'
    """
    found = tx.rows(Shown, query, [reply_id, picture_id])
    return found[0] if found else None


def of_replies(tx: Tx, replies: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """By reply, its pictures in order, each with its state: waiting, kept or lost."""
    query = "select reply_id, picture_id, state from reply_picture where reply_id = any(%s) order by reply_id, place"
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for reply_id, picture_id, state in tx.execute(query, [list(replies)]):
        found.setdefault(reply_id, []).append((picture_id, state))
    return found


ADD = """
    insert into reply_picture (picture_id, reply_id, place, url_sealed, next_at, received_at)
    select id, %(reply_id)s, place, url, %(at)s, %(at)s
    from unnest(%(ids)s::uuid[], %(places)s::int[], %(urls)s::text[]) as each (id, place, url)
    on conflict do nothing
"""
CLAIM = """
    with due as (
        select picture_id from reply_picture where state = 'waiting' and next_at <= %(now)s
        order by next_at, picture_id limit %(most)s for update skip locked
    )
    update reply_picture as mine set tries = tries + 1, next_at = %(again)s
    from due where mine.picture_id = due.picture_id
    returning mine.picture_id, mine.reply_id, mine.url_sealed, mine.tries
"""
