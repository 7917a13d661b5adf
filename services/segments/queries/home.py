"""What the home page shows of guests."""

from __future__ import annotations

from datetime import datetime

from shared.access.scope import Scope, within
from shared.database.pool import Tx


def last_data_of(tx: Tx, scope: Scope) -> list[tuple[str, datetime | None]]:
    """By hotel when a source last sent data of its stays, changed or not."""
    query = f"select code, heard_at from property_known where {within('code')} order by code"
    return [(code, at) for code, at in tx.execute(query, scope.values)]


def guests_in(tx: Tx, scope: Scope) -> int:
    """How many guests these hotels have, up to a thousand, which are many: each counts for their home hotel alone."""
    query = f"select count(*) from (select from guest_facts where {within('home_property')} limit 1000) as first"
    row = tx.execute(query, scope.values).fetchone()
    return int(row[0]) if row else 0


def consents_are_told(tx: Tx) -> bool:
    """Whether it was ever said of somebody what they agreed to, or that nobody can show it."""
    row = tx.execute("select exists (select from consent_claim)").fetchone()
    return row is not None and bool(row[0])


def open_doubles(tx: Tx, scope: Scope) -> int:
    query = f"""
        select count(*)
        from possible_duplicate d join guest g on g.id = d.guest_id join guest o on o.id = d.other_id
        where d.dismissed_at is null and g.merged_into is null and o.merged_into is null
            and g.erased_at is null and o.erased_at is null
            and {within("g.home_property")} and {within("o.home_property")}
    """
    row = tx.execute(query, scope.values).fetchone()
    return int(row[0]) if row else 0
