"""Amounts that are not counted, because no rate is known or their currency stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.segments.queries.scope import STAY_SEEN
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True)
class Uncounted:
    """Stays of a hotel with an amount in that currency. `currency`: as stated; None: the hotel's. `of_hotel`: how many
    are missing in its own figures; `in_all`: in what is added over hotels. `first`, `last`: their arrivals.
    """

    property: str
    currency: str | None
    of_hotel: int
    in_all: int
    first: date
    last: date


def uncounted(tx: Tx, scope: Scope) -> Sequence[Uncounted]:
    query = f"""
        select s.property, nullif(trim(s.currency), '') as currency,
            count(*) filter (where s.amount is null), count(*) filter (where s.reported is null),
            min(s.arrival), max(s.arrival)
        from stay s
        where s.is_converted and s.revenue is not null and (s.amount is null or s.reported is null) and {STAY_SEEN}
        group by 1, 2 order by 1, 2 nulls first
    """
    return [Uncounted(*row) for row in tx.execute(query, scope.values)]
