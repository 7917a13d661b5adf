"""What a rule may be asked about: the values that occur, found among the first many guests."""

from __future__ import annotations

from shared.database.pool import Tx

LOOKED_AT = 20_000
COLUMNS = (
    "title", "language", "country", "region", "tier", "last_channel", "last_room_type", "last_market_segment",
)  # fmt: skip


def values_by_fact(tx: Tx) -> dict[str, list[str]]:
    """By fact the texts that occur, in order; suggestions, not a list of what is allowed."""
    lists = ", ".join(f"array_agg(distinct {name}) filter (where {name} is not null)" for name in COLUMNS)
    row = tx.execute(f"select {lists} from (select * from guest_facts limit {LOOKED_AT}) as first").fetchone()
    found = {name: list(values or []) for name, values in zip(COLUMNS, row or (), strict=True)}
    query = f"select distinct unnest(tags) from (select tags from guest_facts limit {LOOKED_AT}) as first order by 1"
    found["tags"] = [tag for (tag,) in tx.execute(query)]
    return found
