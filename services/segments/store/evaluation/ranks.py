"""What divides the guests who have stayed into hundredths, by measure: a snapshot, and whom the next one moves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.segments.facts.families.ranks import MEASURES
from shared.database.pool import Tx

NAME = "rank_cut"
Cuts = Mapping[str, Sequence[Decimal]]
SHARES = [place / 100 + 1e-9 for place in range(1, 100)]
"""A hair more: the cut is the greatest figure below the place, so that whoever lies above it is among the top."""


def plan(tx: Tx, at: datetime) -> None:
    tx.execute("insert into snapshot_plan (name, next_at) values (%s, %s) on conflict do nothing", [NAME, at])


def are_taken(tx: Tx) -> bool:
    return tx.execute("select from rank_cut limit 1").fetchone() is not None


def taken_on(tx: Tx) -> date | None:
    """Of which day's figures the cuts are; None where there are none yet."""
    row = tx.execute("select max(as_of) from rank_cut").fetchone()
    return row[0] if row else None


def load(tx: Tx) -> Cuts:
    """By measure, the greatest first."""
    rows = tx.execute("select measure, downs from rank_cut order by measure").fetchall()
    return {measure: [-down for down in downs] for measure, downs in rows}


def renew(tx: Tx, as_of: date) -> tuple[Cuts, Cuts]:
    """Takes the cuts of today's figures; returns those before and those now. One pass over all who have stayed."""
    before = load(tx)
    cuts = ", ".join(
        f"percentile_disc(%(shares)s::float[]) within group (order by -{column}::numeric)"
        for column in MEASURES.values()
    )
    row = tx.execute(f"select {cuts} from guest_facts where stays > 0", {"shares": SHARES}).fetchone()
    for measure, downs in zip(MEASURES.values(), row or (), strict=True):
        statement = """
            insert into rank_cut (measure, as_of, downs) values (%s, %s, coalesce(%s::numeric[], '{}'))
            on conflict (measure) do update set as_of = excluded.as_of, downs = excluded.downs
        """
        tx.execute(statement, [measure, as_of, downs])
    return before, load(tx)


def guests_between(tx: Tx, before: Cuts, after: Cuts, asked: Mapping[str, Collection[int]]) -> list[UUID]:
    """Guests whose own figure lies between the old and the new cut of a place that rules name. `asked`: by measure the
    hundredths."""
    found: set[UUID] = set()
    for measure, places in asked.items():
        lows, highs = ranges(before.get(measure, ()), after[measure], places)
        query = f"""
            select f.guest_id from unnest(%s::numeric[], %s::numeric[]) as r (low, high)
            join guest_facts f on f.stays > 0 and f.{measure} between r.low and r.high
        """
        found |= {guest for (guest,) in tx.execute(query, [lows, highs])}
    return sorted(found)


def ranges(
    old: Sequence[Decimal], new: Sequence[Decimal], places: Collection[int]
) -> tuple[list[Decimal], list[Decimal]]:
    """Where there were no cuts, everybody's."""
    if len(old) != len(new):
        return [Decimal("-Infinity")], [Decimal("Infinity")]
    near = {place + step for place in places for step in (-2, -1, 0, 1)}
    pairs = [(old[place], new[place]) for place in sorted(near) if 0 <= place < len(new) and old[place] != new[place]]
    return [min(pair) for pair in pairs], [max(pair) for pair in pairs]
