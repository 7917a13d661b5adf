"""Sums and counts of compensation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """What was given in a month in one currency and of one kind. `currency`: None, it has no price."""

    month: date
    hotel: str
    currency: str | None
    kind: str
    count: int
    amount: Decimal | None


def compensation_by_month(tx: Tx, scope: Scope, today: date, months: int) -> list[MonthLine]:
    """What was withdrawn does not count. The newest month first, then by hotel and currency."""
    number = today.year * 12 + today.month - months
    return tx.rows(MonthLine, BY_MONTH, {**scope.values, "since": date(number // 12, number % 12 + 1, 1)})


BY_MONTH = f"""
    select month, coalesce(hotel.name, given.property, '') as hotel, currency, kind, count(*) as count,
           sum(amount) as amount
    from case_compensation as given left join hotel_known as hotel on hotel.code = given.property
    where month >= %(since)s and withdrawn_at is null and {within("given.property")}
    group by 1, 2, 3, 4
    order by month desc, hotel, currency nulls last, kind
"""
