"""The turn of a day in parts: whom it may move, where they are too many for one transaction.

A part is worked on by whoever has locked its row; one that was evaluated is gone, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.segments.rules.language.borders import Border
from services.segments.store.evaluation.full_runs import NOBODY
from services.segments.store.evaluation.sweeping import CROSSING, NOT_SET_ASIDE, probes
from shared.database.pool import Tx

COLUMNS = "p.zone, p.day, p.fact, p.number, p.guests::text"


@dataclass(frozen=True)
class Part:
    """`guests`: an array as PostgreSQL writes it."""

    zone: str
    day: date
    fact: str
    number: int
    guests: str


def lay_out(
    tx: Tx, borders: Collection[Border], turns: Sequence[tuple[str, date]], most: int, planned_at: datetime
) -> None:
    """Whom these zones' days may move, in parts of at most so many guests for whom the same turns."""
    tx.execute(
        f"""
        insert into sweep_part (zone, day, fact, number, guests, planned_at)
        select zone, day, fact, place / %(most)s, array_agg(guest_id order by guest_id), %(planned_at)s
        from (
            select *, row_number() over (partition by zone, day, fact order by guest_id) - 1 as place
            from ({CROSSING}) as crossing
        ) as placed
        group by zone, day, fact, place / %(most)s
        """,
        {**probes(borders, turns), "most": most, "planned_at": planned_at},
    )


def take_part(tx: Tx, days: Mapping[str, date]) -> Part | None:
    """A part of these zones' days that nobody works on, locked until this transaction ends: those of which guests are
    left come last."""
    row = tx.execute(
        f"""
        select {COLUMNS}
        from sweep_part p join unnest(%(zones)s::text[], %(days)s::date[]) as d (zone, day) using (zone, day)
        where {NOT_SET_ASIDE}
        order by p.is_left, p.zone, p.day, p.fact, p.number limit 1
        for update of p skip locked
        """,
        {"zones": list(days), "days": list(days.values())},
    ).fetchone()
    return Part(*row) if row else None


def take_parts_of(tx: Tx, zones: Collection[str]) -> list[Part]:
    """All parts of these zones, the oldest day first: taken from the table. Waits for whoever works on one."""
    rows = tx.execute(
        f"""
        with taken as (
            select zone, day, fact, number from sweep_part where zone = any(%(zones)s)
            order by zone, day, fact, number for update
        ),
        gone as (
            delete from sweep_part p using taken t
            where (p.zone, p.day, p.fact, p.number) = (t.zone, t.day, t.fact, t.number)
            returning {COLUMNS}
        )
        select * from gone order by day, zone, fact, number
        """,
        {"zones": list(zones)},
    )
    return [Part(*row) for row in rows.fetchall()]


def end_part(tx: Tx, done: Part, left: str) -> None:
    """`left`: those of its guests whom somebody works on; they stay for later."""
    key = {"zone": done.zone, "day": done.day, "fact": done.fact, "number": done.number, "left": left}
    which = "zone = %(zone)s and day = %(day)s and fact = %(fact)s and number = %(number)s"
    if left == NOBODY:
        tx.execute(f"delete from sweep_part where {which}", key)
    else:
        tx.execute(f"update sweep_part set guests = %(left)s::uuid[], is_left = true where {which}", key)


def days_in_parts(tx: Tx) -> list[tuple[str, date]]:
    """Zones and days of which parts are left, but what is set aside."""
    rows = tx.execute(f"select distinct zone, day from sweep_part where {NOT_SET_ASIDE} order by zone, day")
    return [(zone, day) for zone, day in rows.fetchall()]


def planned_since(tx: Tx) -> datetime | None:
    row = tx.execute(f"select min(planned_at) from sweep_part where {NOT_SET_ASIDE}").fetchone()
    return row[0] if row else None
