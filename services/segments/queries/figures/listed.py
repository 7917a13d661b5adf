"""The guests behind a number, a page of them: the statement that counted them, of a range of guests at a time.

A page costs as much with a million guests as with ten thousand: guests are looked through in the order of their ids,
each range longer than the one before, until there are enough for a page. How many there are stands in the table that a
night counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.segments.store.evaluation.statement import BEFORE_ALL
from services.segments.store.plans import plan_for_values
from shared.database.pool import Tx

A_PAGE = 50
FIRST_RANGE, GROWTH = 2_000, 8
EVERYBODY = "true"
IN_RANGE = "guest_id > %(after)s::uuid and guest_id <= %(upto)s::uuid"
ERASED = "guest_id in (select id from guest where erased_at is not null)"
AFTER_ALL = UUID(int=2**128 - 1)
Behind = Callable[[str], str]
"""Of guests who are so: `with` clauses, the last of which is `behind`, with the guests' ids."""


@dataclass(frozen=True)
class GuestBehind:
    id: UUID
    given_name: str
    family_name: str
    country: str | None
    stays: int
    nights: int
    last_checkout_on: date | None


Listed = tuple[int, int, list[GuestBehind]]
"""How many they are, how many of them have been erased since, and the next of the others by id: one more than a page
holds, where there are more."""


def listed(
    tx: Tx,
    behind: Behind,
    values: Mapping[str, object],
    after: UUID | None,
    *,
    counted: int | None = None,
    in_ranges: bool = True,
) -> Listed:
    """`counted`: how many a night counted; None, or where they fill no page: they are counted now. `in_ranges`: False
    where what a guest is depends on the others."""
    plan_for_values(tx)
    begin = after or BEFORE_ALL
    guests = _in_ranges(tx, behind, values, begin) if in_ranges else _at_once(tx, behind, values, begin)
    are_all = after is None and len(guests) <= A_PAGE
    is_known = are_all or counted is not None
    count, gone = _count(tx, behind(ERASED if is_known and in_ranges else EVERYBODY), values)
    if are_all:
        count = len(guests) + gone
    elif counted is not None and in_ranges:
        count = counted
    return count, gone, guests


def _count(tx: Tx, behind: str, values: Mapping[str, object]) -> tuple[int, int]:
    """How many there are, and how many of them have been erased since."""
    row = tx.execute(f"{behind} {COUNT}", values).fetchone()
    assert row is not None, "aggregates return a row"
    return row[0], row[1]


def _at_once(tx: Tx, behind: Behind, values: Mapping[str, object], after: UUID) -> list[GuestBehind]:
    return tx.rows(GuestBehind, f"{behind(EVERYBODY)} {PAGE}", {**values, "after": after})


def _in_ranges(tx: Tx, behind: Behind, values: Mapping[str, object], after: UUID) -> list[GuestBehind]:
    found: list[GuestBehind] = []
    length, more = FIRST_RANGE, True
    while more and len(found) <= A_PAGE:
        row = tx.execute(END_OF_RANGE, [after, length]).fetchone()
        upto, more = (row[0], True) if row else (AFTER_ALL, False)
        found += tx.rows(GuestBehind, f"{behind(IN_RANGE)} {PAGE}", {**values, "after": after, "upto": upto})
        after, length = upto, length * GROWTH
    return found[: A_PAGE + 1]


def only(numbers: Sequence[tuple[int]]) -> int:
    """The number of a row that may be missing: nobody was counted there."""
    return numbers[0][0] if numbers else 0


END_OF_RANGE = "select id from guest where id > %s order by id offset %s limit 1"
COUNT = """
    select count(*), count(*) filter (where guest.erased_at is not null)
    from behind join guest on guest.id = behind.guest_id
"""
PAGE = f"""
    select guest.id, guest.given_name, guest.family_name, guest.country, coalesce(f.stays, 0) as stays,
        coalesce(f.nights, 0) as nights, f.last_checkout_on
    from behind join guest on guest.id = behind.guest_id
    left join guest_facts f on f.guest_id = guest.id
    where guest.erased_at is null and guest.id > %(after)s::uuid
    order by guest.id limit {A_PAGE + 1}
"""
