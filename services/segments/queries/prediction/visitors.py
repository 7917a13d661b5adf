"""Guests as a prediction sees them: when they came first and last, how often, what a visit brought, who came after."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import date

from shared.database.pool import Tx


@dataclass(frozen=True)
class Visitors:
    """Columns of one length, of guests who had come before `split`: visits after the first, days from the first to the
    last and to the split, the mean amount of a visit in the reporting currency, and visits from the split on."""

    again: array[float]
    last: array[float]
    age: array[float]
    mean: array[float]
    came: array[float]

    def __len__(self) -> int:
        return len(self.again)


def first_visit(tx: Tx) -> date | None:
    row = tx.execute("select min(arrival) from stay where status = 'checked_out' and not muted").fetchone()
    return row[0] if row else None


def anybody_came(tx: Tx) -> bool:
    row = tx.execute("select exists (select from stay where status = 'checked_out' and not muted)").fetchone()
    return bool(row and row[0])


def visitors(tx: Tx, split: date, until: date) -> Visitors:
    """Stays that touch are one visit. Read as they come, so that a million guests are forty megabytes and no more."""
    found = Visitors(*(array("d") for _ in range(5)))
    columns = (found.again, found.last, found.age, found.mean, found.came)
    with tx.connection.cursor().copy(f"copy ({VISITORS}) to stdout", {"split": split, "until": until}) as rows:
        for row in rows.rows():
            for column, text in zip(columns, row, strict=True):
                column.append(float(str(text)))
    return found


VISITORS = """
    select count(*) filter (where begins and arrival < %(split)s) - 1,
        max(arrival) filter (where begins and arrival < %(split)s) - min(arrival),
        %(split)s::date - min(arrival),
        greatest(coalesce(sum(reported) filter (where arrival < %(split)s), 0)
            / count(*) filter (where begins and arrival < %(split)s), 0),
        count(*) filter (where begins and arrival >= %(split)s)
    from (
        select guest_id, arrival, reported, arrival > coalesce(max(departure) over (
                partition by guest_id, property order by arrival, departure, id
                rows between unbounded preceding and 1 preceding), '-infinity') as begins
        from stay
        where status = 'checked_out' and not muted and arrival < %(until)s
    ) as visits
    group by guest_id
    having count(*) filter (where begins and arrival < %(split)s) > 0
"""
