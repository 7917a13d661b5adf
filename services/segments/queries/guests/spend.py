"""What guests spent, for the hotels that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.segments.rules.money.currencies import Currencies
from services.segments.store.money.conversions import PRICING
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.vocabulary.currency import decimals_of

SPEND_SEEN = within("l.property")
"""A line (`spend l`) belongs to its hotel."""


@dataclass(frozen=True)
class SpendRow:
    """`guest_id`: whose it is now."""

    id: UUID
    guest_id: UUID
    stay_id: UUID | None
    source: str
    property: str
    number: str
    outlet: str
    amount: Decimal
    currency: str
    day: date


@dataclass(frozen=True)
class OutletSum:
    """What a guest spent in an outlet. `currency`: the hotel's; `counted`: lines in `amount`; `uncounted`: those in
    other currencies for which there is no rate.
    """

    outlet: str
    currency: str
    amount: Decimal
    counted: int
    uncounted: int


ROW = """
    select l.id, coalesce(s.guest_id, l.guest_id) as guest_id, l.stay_id, l.source, l.property, l.number, l.outlet,
           l.amount, l.currency, l.day
    from spend l left join stay s on s.id = l.stay_id
"""


def spend_after(tx: Tx, after: UUID | None, most: int, guest: UUID | None, scope: Scope) -> list[SpendRow]:
    """Numbers greater than `after`, in their order; of a guest, or of all."""
    mine = (
        "(l.guest_id = %(guest)s or l.stay_id in (select id from stay where guest_id = %(guest)s))" if guest else "true"
    )
    query = f"""
        {ROW} where {SPEND_SEEN} and (%(after)s::uuid is null or l.id > %(after)s) and {mine}
        order by l.id limit %(most)s
    """
    return tx.rows(SpendRow, query, {"after": after, "most": most, "guest": guest, **scope.values})


def spend_row(tx: Tx, id: UUID, scope: Scope) -> SpendRow:
    """Raises `NotFound`, for another hotel's too."""
    found = tx.rows(SpendRow, f"{ROW} where l.id = %(id)s and {SPEND_SEEN}", {"id": id, **scope.values})
    if not found:
        raise NotFound("There is no such line.")
    return found[0]


def spend_by_outlet(tx: Tx, guest: UUID, currencies: Currencies, scope: Scope) -> Sequence[OutletSum]:
    """By outlet and currency of the hotel, the most first. A line is converted by the rate of its day, as stays are by
    that of their arrival; nothing is added across currencies.
    """
    hotels = list(currencies.hotels.values())
    values = {
        "guest": guest,
        "codes": [hotel.code for hotel in hotels],
        "currencies": [hotel.currency for hotel in hotels],
        "decimals": [decimals_of(hotel.currency) for hotel in hotels],
        **scope.values,
    }
    return tx.rows(OutletSum, BY_OUTLET, values)


BY_OUTLET = f"""
    with asked as materialized (
        select l.outlet, l.amount, l.currency as own, l.day as arrival, h.currency as hotel, h.decimals
        from spend l
        join unnest(%(codes)s::text[], %(currencies)s::text[], %(decimals)s::int[]) as h (code, currency, decimals)
            on h.code = l.property
        where (l.guest_id = %(guest)s or l.stay_id in (select id from stay where guest_id = %(guest)s)) and {SPEND_SEEN}
    ),
    wanted as materialized (select distinct own, hotel as target, arrival from asked where own <> hotel),
    {PRICING}
    select a.outlet, a.hotel as currency,
        coalesce(sum(
            case when a.own = a.hotel then a.amount else round(a.amount * p.rate, a.decimals) end
        ), 0) as amount,
        count(*) filter (where a.own = a.hotel or p.rate is not null) as counted,
        count(*) filter (where a.own <> a.hotel and p.rate is null) as uncounted
    from asked a left join priced p on p.own = a.own and p.target = a.hotel and p.arrival = a.arrival
    group by 1, 2 order by 3 desc, 1, 2
"""
