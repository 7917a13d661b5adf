"""How many were in each segment, day by day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from shared.database.pool import Tx

KEPT = timedelta(days=400)


def next_size_day(tx: Tx) -> datetime | None:
    """When the sizes are to be kept next: as a day (UTC) begins; None while there is no segment."""
    row = tx.execute("select max(day), (select min(created_at) from segment) from segment_size_day").fetchone()
    assert row is not None, "aggregates return a row"
    last, first_made = row
    if last is None:
        made: datetime | None = first_made
        return made
    return datetime.combine(last + timedelta(days=1), time(), UTC)


def keep_sizes(tx: Tx, now: datetime) -> None:
    tx.execute(
        """
        with over as (delete from segment_size_day where day < %(kept)s)
        insert into segment_size_day (number, day, members)
        select z.number, %(day)s, z.members
        from segment_size z join segment s on s.number = z.number
        where s.retired_at is null
        on conflict do nothing
        """,
        {"day": now.astimezone(UTC).date(), "kept": (now - KEPT).date()},
    )
