"""Guests of one stay, who are most of a window's: they count once at its hotel and once at none, and need no grouping.

Only guests of several stays are made one of, at each of their hotels and at none: that is a sort of all their stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ALONE = "count(*) over (partition by guest_id) = 1 as alone"
"""Of stays that are looked at: the guest has no other among them, at any hotel."""


def at_each(lone: str, columns: Sequence[str], here: Mapping[str, str]) -> str:
    """SQL: two rows `at` of a guest's only stay, or of sums of such: at its hotel, with the columns that are others
    there (`here`), and at none (empty)."""
    names = ", ".join(columns)
    at_hotel = ", ".join(here.get(name, name) for name in columns)
    return f"{lone} cross join lateral (values (property, {at_hotel}), ('', {names})) as at (property, {names})"


def joined(table: str, here: str) -> str:
    """SQL: joins guests of one stay with a table of guests at hotels and at none, as `table` where they are in it at
    none, as `table_here` where at the hotel of the stay. `here`: the table, or its part of hotels alone."""
    return f"""
        left join (select guest_id from {table} where property = '') as {table} using (guest_id)
        left join {here} as {table}_here using (property, guest_id)
    """


def and_at_none(here: str) -> str:
    """SQL: guests of hotels, each once, and once more at none."""
    return f"select property, guest_id from {here} union all select distinct '', guest_id from {here}"
