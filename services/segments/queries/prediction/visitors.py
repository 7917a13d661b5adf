"""Guests as a prediction sees them: when they came first and last, how often, what a visit brought, who came after."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from shared.database.pool import Tx

ID_BYTES = 16


@dataclass(frozen=True)
class Visitors:
    """Columns of one length, of guests who had come before `split`, by id: visits after the first, days from the first
    to the last and to the split, the mean amount of a visit in the reporting currency (not a number where none is
    known), visits from the split on, and the month in which the first of those began (0: none).

    `ids`: sixteen bytes a guest. `hotels`: the place in `codes` of the hotel of the last visit before the split.
    `months`: the months in which visits began before the split, those of a guest beside each other.
    """

    again: array[float] = field(default_factory=lambda: array("d"))
    last: array[float] = field(default_factory=lambda: array("d"))
    age: array[float] = field(default_factory=lambda: array("d"))
    mean: array[float] = field(default_factory=lambda: array("d"))
    came: array[float] = field(default_factory=lambda: array("d"))
    next_month: array[int] = field(default_factory=lambda: array("B"))
    hotels: array[int] = field(default_factory=lambda: array("H"))
    ids: bytearray = field(default_factory=bytearray)
    months: bytearray = field(default_factory=bytearray)
    codes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.again)

    def guest(self, place: int) -> UUID:
        return UUID(bytes=bytes(self.ids[place * ID_BYTES : (place + 1) * ID_BYTES]))

    def hotel(self, place: int) -> str:
        return self.codes[self.hotels[place]]


def first_visit(tx: Tx) -> date | None:
    row = tx.execute("select min(arrival) from stay where status = 'checked_out' and not muted").fetchone()
    return row[0] if row else None


def anybody_came(tx: Tx) -> bool:
    row = tx.execute("select exists (select from stay where status = 'checked_out' and not muted)").fetchone()
    return bool(row and row[0])


def visitors(tx: Tx, split: date, until: date) -> Visitors:
    """Stays that touch are one visit. Read as they come, so that a million guests are sixty megabytes and no more."""
    found = Visitors()
    columns = (found.again, found.last, found.age, found.mean, found.came)
    places: dict[str, int] = {}
    with tx.connection.cursor().copy(f"copy ({VISITORS}) to stdout", {"split": split, "until": until}) as rows:
        for row in rows.rows():
            guest, hotel, months, next_month, *figures = map(str, row)
            for column, text in zip(columns, figures, strict=True):
                column.append(float(text))
            found.ids.extend(bytes.fromhex(guest.replace("-", "")))
            found.hotels.append(places.setdefault(hotel, len(places)))
            found.months.extend(map(int, months.split(",")))
            found.next_month.append(int(next_month))
    found.codes.extend(places)
    return found


# An amount that is not known does not count as nothing: the mean is of the stays whose amount is.
VISITORS = """
    select guest_id,
        (array_agg(property order by arrival desc, id desc) filter (where arrival < %(split)s))[1],
        string_agg(extract(month from arrival)::text, ',') filter (where begins and arrival < %(split)s),
        coalesce(extract(month from min(arrival) filter (where begins and arrival >= %(split)s)), 0),
        count(*) filter (where begins and arrival < %(split)s) - 1,
        max(arrival) filter (where begins and arrival < %(split)s) - min(arrival),
        %(split)s::date - min(arrival),
        case when count(reported) filter (where arrival < %(split)s) = 0 then 'NaN' else greatest(
            avg(reported) filter (where arrival < %(split)s) * count(*) filter (where arrival < %(split)s)
                / count(*) filter (where begins and arrival < %(split)s), 0)::float8 end,
        count(*) filter (where begins and arrival >= %(split)s)
    from (
        select id, guest_id, property, arrival, reported, arrival > coalesce(max(departure) over (
                partition by guest_id, property order by arrival, departure, id
                rows between unbounded preceding and 1 preceding), '-infinity') as begins
        from stay
        where status = 'checked_out' and not muted and arrival < %(until)s
    ) as visits
    group by guest_id
    having count(*) filter (where begins and arrival < %(split)s) > 0
    order by guest_id
"""
