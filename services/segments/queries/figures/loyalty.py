"""How loyal guests are, as a night counted it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shared.database.pool import Tx


@dataclass(frozen=True)
class Loyal:
    """All who ever stayed, of one value of `by` («visits»: the least of the band; «tier»: empty, none)."""

    by: str
    value: str
    guests: int
    visits: int
    nights: int
    spend: Decimal
    unpriced: int


def loyalty_of(tx: Tx, property: str) -> list[Loyal]:
    """Of how often they came from once on; of tiers those with most guests first."""
    query = """
        select by, value, guests, visits, nights, spend, unpriced from loyalty_figure where property = %s
        order by by desc, case when by = 'visits' then value::int end, guests desc, value
    """
    return tx.rows(Loyal, query, [property])
