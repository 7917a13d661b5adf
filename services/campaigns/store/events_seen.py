"""The names of hotels' own events that were told of."""

from __future__ import annotations

from collections.abc import Collection

from shared.access.scope import Scope, within
from shared.database.pool import Tx


def note_seen(tx: Tx, seen: Collection[tuple[str, str]]) -> None:
    """Name and hotel; what is known already costs no write."""
    ordered = sorted(seen)
    tx.execute(
        """
        insert into event_seen (name, property)
        select name, property from unnest(%s::text[], %s::text[]) as new (name, property)
        where not exists (select from event_seen old where (old.name, old.property) = (new.name, new.property))
        on conflict do nothing
        """,
        [[name for name, _ in ordered], [hotel for _, hotel in ordered]],
    )


def seen_at(tx: Tx, scope: Scope) -> list[str]:
    """Those told at these hotels."""
    query = f"select distinct name from event_seen e where {within('e.property')} order by name"
    return [name for (name,) in tx.execute(query, scope.values)]
