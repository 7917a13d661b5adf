"""Reviews by hotel and booking site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

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


@dataclass(frozen=True, kw_only=True)
class ReviewLine:
    """A review of a guest who is known. `words_sealed`: what is left of its words, in their order."""

    review_id: UUID
    property: str
    hotel: str
    zone: str
    source: str
    rating: Decimal | None
    words_sealed: list[str]
    said_at: datetime


def reviews_of(tx: Tx, guests: Sequence[UUID], scope: Scope, most: int) -> list[ReviewLine]:
    """The newest first."""
    return tx.rows(ReviewLine, OF_GUEST, {**scope.values, "guests": list(guests), "most": most})


def sites(tx: Tx, scope: Scope) -> list[SiteLine]:
    return tx.rows(SiteLine, SITES, scope.values)


OF_GUEST = f"""
    select review_id, property, coalesce(hotel.name, property) as hotel, coalesce(hotel.zone, 'UTC') as zone, source,
           rating, array_remove(array[title_sealed, liked_sealed, disliked_sealed, text_sealed], null) as words_sealed,
           said_on::timestamp at time zone coalesce(hotel.zone, 'UTC') as said_at
    from review left join hotel_known as hotel on hotel.code = property
    where review.guest_id = any(%(guests)s::uuid[]) and {within("property")}
    order by said_on desc, review_id limit %(most)s
"""
SITES = f"""
    select property, coalesce(hotel.name, property) as hotel, source, count(*) as reviews, count(rating) as rated,
           round(avg(rating), 1) as rating, max(said_on) as last
    from review left join hotel_known as hotel on hotel.code = property
    where {within("property")}
    group by 1, 2, 3 order by hotel, reviews desc, source
"""
