"""How many entered a journey, where its author set how many may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from shared.database.pool import Tx

NO_DAY = date(1, 1, 1)


def lock_room(tx: Tx, journey: str, at: datetime) -> tuple[int, int]:
    """How many entered today, and in all. Whoever enters the journey meanwhile waits for this transaction: for a row of
    its own, as those who enter share the journey's."""
    tx.execute("insert into journey_entries (journey, day) values (%s, %s) on conflict do nothing", [journey, NO_DAY])
    tx.execute("select from journey_entries where journey = %s and day = %s for update", [journey, NO_DAY])
    row = tx.execute(
        """
        select coalesce(sum(entered) filter (where day = %s), 0)::int, coalesce(sum(entered), 0)::int
        from journey_entries where journey = %s
        """,
        [_day(at), journey],
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def count(tx: Tx, journey: str, entered: int, turned_away: int, at: datetime) -> None:
    tx.execute(
        """
        insert into journey_entries (journey, day, entered, turned_away) values (%s, %s, %s, %s)
        on conflict (journey, day) do update set entered = journey_entries.entered + excluded.entered,
            turned_away = journey_entries.turned_away + excluded.turned_away
        """,
        [journey, _day(at), entered, turned_away],
    )


def turned_away(tx: Tx, journeys: Sequence[str]) -> dict[str, int]:
    """By journey, how many found no room, where any did."""
    query = """
        select journey, sum(turned_away)::int from journey_entries where journey = any(%s)
        group by journey having sum(turned_away) > 0
    """
    return dict(tx.execute(query, [list(journeys)]).fetchall())


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
