"""Where stays come from and what they cost: sums of the days of a window, by channel or market."""

from __future__ import annotations

from dataclasses import dataclass

from services.console.queries.key_figures import CUTS, WHERE, sums_of
from services.console.rules.figures.profit import Part
from services.console.rules.figures.revenue import Revenue
from shared.database.pool import Tx
from shared.vocabulary.window import Window


@dataclass(frozen=True)
class Source:
    """`stays`, `nights`: that ended; `arrivals`: that were to come, of these `cancelled`; `lead_days`: of bookings."""

    value: str
    bookings: int
    lead_days: int
    arrivals: int
    cancelled: int
    stays: int
    nights: int


def sources_in(tx: Tx, window: Window, property: str, cut: str) -> list[Source]:
    """Those with most nights first."""
    query = f"""
        select {_column(cut)} as value, {", ".join(f"sum({name})::int as {name}" for name in SUMS)}
        from {sums_of(window)} {WHERE} group by 1 having sum(bookings) + sum(arrivals) + sum(stays) > 0
        order by nights desc, bookings desc, value
    """
    return tx.rows(Source, query, _values(window, property))


def known_markets(tx: Tx) -> list[str]:
    """As sources name them, those with most bookings first."""
    query = (
        "select market from stay_month where market <> '' group by market order by sum(bookings) desc, market limit 200"
    )
    return [market for (market,) in tx.execute(query)]


def revenue_by(tx: Tx, window: Window, property: str, cut: str) -> dict[str, list[Revenue]]:
    """By value; of each by hotel and currency as stated."""
    query = f"""
        select {_column(cut)}, property, currency, sum(priced)::int, sum(revenue) from {sums_of(window)} {WHERE}
        group by 1, 2, 3 having sum(priced) <> 0 order by 1, 2, 3
    """
    found: dict[str, list[Revenue]] = {}
    for value, hotel, currency, stays, revenue in tx.execute(query, _values(window, property)):
        found.setdefault(value, []).append(Revenue(hotel, currency, stays, revenue))
    return found


def profit_parts(tx: Tx, window: Window, property: str) -> list[Part]:
    """Stays that ended, with the costs that stood on the day they did. The most particular word counts: of the channel
    before that of all channels, then of the hotel before that of all hotels."""
    return tx.rows(Part, PARTS, _values(window, property))


def _column(cut: str) -> str:
    assert cut in CUTS[1:]
    return cut


def _values(window: Window, property: str) -> dict[str, object]:
    return {"first": window.first, "until": window.until, "property": property}


SUMS = ("bookings", "lead_days", "arrivals", "cancelled", "stays", "nights")
PARTS = f"""
    select day.channel, day.property, day.currency, cost.since is not null as is_said,
        coalesce(cost.currency, '') as cost_currency, sum(day.stays)::int as stays, sum(day.nights)::int as nights,
        sum(day.priced)::int as priced, sum(day.revenue) as revenue,
        coalesce(sum(day.revenue * cost.commission), 0) as commission,
        coalesce(sum(day.stays * cost.a_stay + day.nights * cost.a_night), 0) as costs
    from (select * from stay_day {WHERE} and (stays <> 0 or priced <> 0 or revenue <> 0)) as day
    left join lateral (
        select * from channel_cost known
        where known.channel in ('', day.channel) and known.property in ('', day.property) and known.since <= day.day
        order by known.channel <> '' desc, known.property <> '' desc, known.since desc limit 1
    ) as cost on true
    group by day.channel, day.property, day.currency, cost.since is not null, coalesce(cost.currency, '')
    order by day.channel, day.property, day.currency
"""
