"""What warnings know of senders and of sources, day by day."""

from __future__ import annotations

from datetime import date

from shared.database.pool import Tx
from shared.events import Chunk


def keep_sender_days(tx: Tx, chunk: Chunk) -> None:
    """A day counted again has a greater version; an older one changes nothing."""
    tx.execute(
        """
        insert into sender_day as old (sender, purpose, day, version, name, channel, sent, bounced, complained)
        select distinct on (sender, purpose, day) *
        from unnest(%(sender)s::text[], %(purpose)s::text[], %(day)s::date[], %(version)s::bigint[], %(name)s::text[],
                    %(channel)s::text[], %(sent)s::int[], %(bounced)s::int[], %(complained)s::int[])
            as told (sender, purpose, day, version, name, channel, sent, bounced, complained)
        order by sender, purpose, day, version desc
        on conflict (sender, purpose, day) do update
        set version = excluded.version, name = excluded.name, sent = excluded.sent, bounced = excluded.bounced,
            complained = excluded.complained
        where excluded.version > old.version
        """,
        chunk.columns,
    )


def keep_source_days(tx: Tx, chunk: Chunk) -> None:
    tx.execute(
        """
        insert into source_day (property, source, day)
        select distinct * from unnest(%(property)s::text[], %(source)s::text[], %(day)s::date[]) order by 1, 2, 3
        on conflict do nothing
        """,
        chunk.columns,
    )


def drop_before(tx: Tx, before: date) -> None:
    """Drops what no chart looks at any more."""
    tx.execute("delete from sender_day where day < %s", [before])
    tx.execute("delete from source_day where day < %s", [before])
