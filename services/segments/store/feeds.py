"""On which days a source told of a hotel."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from shared.database.pool import Tx

KEPT = 800  # days


def note(tx: Tx, feeds: Collection[tuple[str, str]], day: date) -> list[tuple[str, str]]:
    """Hotel and source; those of which it is the first time that day. What is known costs no write."""
    ordered = sorted(feeds)
    rows = tx.execute(
        """
        insert into feed_day (property, source, day)
        select property, source, %(day)s from unnest(%(hotels)s::text[], %(sources)s::text[]) as new (property, source)
        where not exists (
            select from feed_day old where (old.property, old.source, old.day) = (new.property, new.source, %(day)s)
        )
        on conflict do nothing
        returning property, source
        """,
        {"day": day, "hotels": [hotel for hotel, _ in ordered], "sources": [source for _, source in ordered]},
    ).fetchall()
    if rows:
        hotels, sources = [hotel for hotel, _ in rows], [source for _, source in rows]
        old = """
            delete from feed_day using unnest(%s::text[], %s::text[]) as told (hotel, source)
            where (feed_day.property, feed_day.source) = (told.hotel, told.source) and day < %s::date - %s::int
        """
        tx.execute(old, [hotels, sources, day, KEPT])
    return sorted(rows)
