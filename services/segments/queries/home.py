"""What the home page shows of guests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shared.database.pool import Tx

Hotels = Sequence[str] | None


def last_data_of(tx: Tx, hotels: Hotels) -> list[tuple[str, datetime | None]]:
    """By hotel when a source last sent data of its stays, changed or not."""
    query = """
        select code, heard_at from property_known where %(hotels)s::text[] is null or code = any(%(hotels)s::text[])
        order by code
    """
    return [(code, at) for code, at in tx.execute(query, {"hotels": _list(hotels)})]


def guests_in(tx: Tx, hotels: Hotels) -> int:
    """How many guests these hotels have: each counts for their home hotel alone."""
    query = """
        select count(*) from guest_facts
        where %(hotels)s::text[] is null or home_property = any(%(hotels)s::text[])
    """
    row = tx.execute(query, {"hotels": _list(hotels)}).fetchone()
    return int(row[0]) if row else 0


def open_doubles(tx: Tx, hotels: Hotels) -> int:
    query = """
        select count(*)
        from possible_duplicate d join guest g on g.id = d.guest_id join guest o on o.id = d.other_id
        where d.dismissed_at is null and g.merged_into is null and o.merged_into is null
            and g.erased_at is null and o.erased_at is null
            and (%(hotels)s::text[] is null
                 or (g.home_property = any(%(hotels)s::text[]) and o.home_property = any(%(hotels)s::text[])))
    """
    row = tx.execute(query, {"hotels": _list(hotels)}).fetchone()
    return int(row[0]) if row else 0


def _list(hotels: Hotels) -> list[str] | None:
    return None if hotels is None else list(hotels)
