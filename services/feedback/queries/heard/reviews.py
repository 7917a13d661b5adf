"""Reviews by hotel and booking site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class SiteLine:
    """`rating`: the mean of ten of those that were rated, None where none was."""

    property: str
    hotel: str
    source: str
    reviews: int
    rated: int
    rating: Decimal | None
    last: date


def sites(tx: Tx, scope: Scope) -> list[SiteLine]:
    return tx.rows(SiteLine, SITES, scope.values)


SITES = f"""
    select property, coalesce(hotel.name, property) as hotel, source, count(*) as reviews, count(rating) as rated,
           round(avg(rating), 1) as rating, max(said_on) as last
    from review left join hotel_known as hotel on hotel.code = property
    where {within("property")}
    group by 1, 2, 3 order by hotel, reviews desc, source
"""
