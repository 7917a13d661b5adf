"""Rates by pair and day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.segments.rules.money.rates import Rate
from shared.database.pool import Tx


@dataclass(frozen=True)
class RateLine:
    base: str
    quote: str
    day: date
    rate: Decimal
    source: str
    entered_at: datetime
    entered_by: str


def save_rates(tx: Tx, rates: Iterable[Rate], at: datetime, by: str) -> list[date]:
    """The days of those that are new or differ. A pair has one rate a day, whichever way round it is written."""
    ordered = sorted(rates)
    rows = tx.execute(
        SAVE,
        {
            "bases": [one.base for one in ordered],
            "quotes": [one.quote for one in ordered],
            "days": [one.day for one in ordered],
            "rates": [str(one.rate) for one in ordered],
            "sources": [one.source for one in ordered],
            "at": at,
            "by": by,
        },
    )
    return [day for (day,) in rows.fetchall()]


SAVE = """
    with given as materialized (
        select * from unnest(%(bases)s::text[], %(quotes)s::text[], %(days)s::date[], %(rates)s::numeric[],
                             %(sources)s::text[]) as g (base, quote, day, rate, source)
    ),
    turned as (
        delete from exchange_rate e using given g where (e.base, e.quote, e.day) = (g.quote, g.base, g.day)
    )
    insert into exchange_rate as e (base, quote, day, rate, source, entered_at, entered_by)
    select base, quote, day, rate, source, %(at)s, %(by)s from given
    on conflict (base, quote, day) do update
        set rate = excluded.rate, source = excluded.source, entered_at = excluded.entered_at,
            entered_by = excluded.entered_by
        where e.rate <> excluded.rate
    returning day
"""


def delete_rate(tx: Tx, rate: Rate) -> bool:
    query = "delete from exchange_rate where base = %s and quote = %s and day = %s"
    return tx.execute(query, [rate.base, rate.quote, rate.day]).rowcount == 1


def rates_after(
    tx: Tx,
    after: tuple[date, str, str] | None,
    most: int,
    base: str | None = None,
    quote: str | None = None,
    since: date | None = None,
) -> list[RateLine]:
    """The newest first. `after`: day and pair of the last one seen; `base`, `quote`: a currency on either side."""
    query = """
        select base, quote, day, rate, source, entered_at, entered_by from exchange_rate
        where (%(day)s::date is null or day < %(day)s or (day = %(day)s and (base, quote) > (%(b)s, %(q)s)))
          and (%(base)s::text is null or base = %(base)s) and (%(quote)s::text is null or quote = %(quote)s)
          and (%(since)s::date is null or day >= %(since)s)
        order by day desc, base, quote limit %(most)s
    """
    day, b, q = after or (None, "", "")
    return tx.rows(
        RateLine,
        query,
        {"day": day, "b": b, "q": q, "base": base, "quote": quote, "since": since, "most": most},
    )


def count_rates(tx: Tx) -> int:
    row = tx.execute("select count(*) from exchange_rate").fetchone()
    return row[0] if row else 0
