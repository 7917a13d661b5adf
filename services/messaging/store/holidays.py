"""Public holidays by country and year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from shared.database.pool import Tx

Day = tuple[str, date, str]  # country, day, name


def known_years(tx: Tx, countries: Sequence[str], years: Sequence[int]) -> set[tuple[str, int]]:
    rows = tx.execute(
        "select country, year from holiday_year where country = any(%s) and year = any(%s)",
        [list(countries), list(years)],
    )
    return {(country, year) for country, year in rows}


def holidays_of(tx: Tx, countries: Sequence[str], first: date, last: date) -> list[tuple[str, date]]:
    rows = tx.execute(
        "select country, day from holiday where country = any(%s) and day between %s and %s",
        [list(countries), first, last],
    )
    return [(country, day) for country, day in rows]


def keep_years(tx: Tx, years: Iterable[tuple[str, int]], days: Iterable[Day]) -> None:
    """Years are entered once: what an operator changed in them afterwards stays."""
    wanted, found = sorted(years), sorted(days)
    tx.execute(
        """
        with entered as (
            insert into holiday_year (country, year)
            select * from unnest(%(countries)s::text[], %(years)s::int[]) on conflict do nothing returning country, year
        )
        insert into holiday (country, day, name)
        select said.country, said.day, said.name
        from unnest(%(in)s::text[], %(days)s::date[], %(names)s::text[]) as said (country, day, name)
        join entered on entered.country = said.country and entered.year = extract(year from said.day)
        on conflict do nothing
        """,
        {
            "countries": [country for country, _ in wanted],
            "years": [year for _, year in wanted],
            "in": [country for country, _, _ in found],
            "days": [day for _, day, _ in found],
            "names": [name for _, _, name in found],
        },
    )
