"""Segments that were made for journeys, by the journey that needs them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from shared.database.pool import Tx


def need(tx: Tx, journey: str, at: datetime, segments: Sequence[str]) -> list[str]:
    """What the journey needs by the newest word about it; returns the segments that no journey needs any more."""
    before = tx.execute("select segments, at from journey_needs where journey = %s for update", [journey]).fetchone()
    if before is not None and before[1] > at:
        return unneeded(tx, segments)
    tx.execute(
        """
        insert into journey_needs (journey, at, segments) values (%s, %s, %s)
        on conflict (journey) do update set at = excluded.at, segments = excluded.segments
        """,
        [journey, at, list(segments)],
    )
    return unneeded(tx, before[0] if before else ())


def unneeded(tx: Tx, segments: Collection[str]) -> list[str]:
    """Of these, those that no journey needs."""
    rows = tx.execute(
        """
        select segment from unnest(%s::text[]) as segment
        where not exists (select from journey_needs where segment = any(segments)) order by segment
        """,
        [list(segments)],
    )
    return [segment for (segment,) in rows]
