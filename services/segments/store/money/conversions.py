"""Stays' amounts in their hotel's currency and in the reporting currency, by the rates of the day of arrival.

A stay whose currency is its hotel's, and the reporting currency too, is not converted: its amounts are its revenue.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.segments.rules.money.currencies import Currencies
from shared.database.pool import Tx
from shared.vocabulary.currency import decimals_of

FIRST = UUID(int=0)


@dataclass(frozen=True)
class Run:
    """Conversions to be made anew. `since`: of the converted stays that arrive from that day on; None: of all."""

    id: int
    planned_at: datetime
    since: date | None
    arrival: date | None
    stay_id: UUID | None


def convert(tx: Tx, stays: Collection[UUID], currencies: Currencies) -> list[UUID]:
    """Brings these stays' amounts up to date; returns the guests of whom one differs now."""
    if not stays:
        return []
    hotels = list(currencies.hotels.values())
    signs = currencies.shared_signs()
    rows = tx.execute(
        CONVERT,
        {
            "stays": list(stays),
            "codes": [hotel.code for hotel in hotels],
            "currencies": [hotel.currency for hotel in hotels],
            "decimals": [decimals_of(hotel.currency) for hotel in hotels],
            "signs": [sign for sign, _ in signs],
            "meant": [code for _, code in signs],
            "reporting": currencies.reporting,
            "reporting_decimals": decimals_of(currencies.reporting),
        },
    )
    return sorted({guest for (guest,) in rows.fetchall()})


# Of each (`own`, `target`, `arrival`) that `wanted` has, the rate or null. `either_way` has each rate both ways, found
# by index. A rate of the pair itself counts before one by way of a third currency; among several, the latest day.
PRICING = """
    either_way as not materialized (
        select base, quote, day, rate from exchange_rate
        union all
        select quote, base, day, 1 / rate from exchange_rate
    ),
    priced as materialized (
        select w.own, w.target, w.arrival, coalesce(direct.rate, across.rate) as rate
        from wanted w
        left join lateral (
            select rate from either_way b
            where b.base = w.own and b.quote = w.target and b.day <= w.arrival
            order by day desc limit 1
        ) as direct on true
        left join lateral (
            select x.rate * y.rate as rate
            from (
                select distinct on (quote) quote as via, day, rate from either_way
                where base = w.own and day <= w.arrival order by quote, day desc
            ) as x
            join (
                select distinct on (base) base as via, day, rate from either_way
                where quote = w.target and day <= w.arrival order by base, day desc
            ) as y on y.via = x.via
            where direct.rate is null
            order by least(x.day, y.day) desc, x.via limit 1
        ) as across on true
    )
"""
CONVERT = f"""
    with asked as materialized (
        select s.id, s.revenue, s.arrival, h.currency as hotel, h.decimals,
            case
                when nullif(trim(s.currency), '') is null then h.currency
                when exists (
                    select from unnest(%(signs)s::text[], %(meant)s::text[]) as g (sign, meant)
                    where g.sign = s.currency and g.meant = h.currency
                ) then h.currency
                else upper(trim(s.currency))
            end as own
        from stay s
        join unnest(%(codes)s::text[], %(currencies)s::text[], %(decimals)s::int[]) as h (code, currency, decimals)
            on h.code = s.property
        where s.id = any(%(stays)s::uuid[])
    ),
    wanted as materialized (
        select distinct own, target, arrival
        from asked cross join lateral (values (hotel), (%(reporting)s::text)) as t (target)
        where own <> target and revenue is not null
    ),
    {PRICING},
    found as (
        select a.id, a.own <> a.hotel or a.hotel <> %(reporting)s as is_converted,
            case when a.own = a.hotel then a.revenue else round(a.revenue * o.rate, a.decimals) end as amount,
            case
                when a.own = %(reporting)s then a.revenue
                else round(a.revenue * r.rate, %(reporting_decimals)s::int)
            end as reported,
            nullif(a.hotel, %(reporting)s) as amount_currency
        from asked a
        left join priced o on o.own = a.own and o.target = a.hotel and o.arrival = a.arrival
        left join priced r on r.own = a.own and r.target = %(reporting)s and r.arrival = a.arrival
    ),
    written as (
        select id, is_converted, case when is_converted then amount end as amount,
            case when is_converted then reported end as reported,
            amount_currency
        from found
    )
    update stay s
    set is_converted = w.is_converted, converted_amount = w.amount, converted_reported = w.reported,
        amount_currency = w.amount_currency
    from written w
    where s.id = w.id
        and (s.is_converted, s.converted_amount, s.converted_reported, s.amount_currency)
            is distinct from (w.is_converted, w.amount, w.reported, w.amount_currency)
    returning s.guest_id
"""


def plan(tx: Tx, at: datetime, since: date | None = None) -> None:
    """Conversions are made anew, of all stays, or of the converted ones that arrive from `since` on."""
    tx.execute("insert into conversion_run (planned_at, since) values (%s, %s)", [at, since])


def are_there_stays(tx: Tx) -> bool:
    return tx.execute("select from stay limit 1").rowcount == 1


def next_run(tx: Tx) -> Run | None:
    found = tx.rows(Run, "select id, planned_at, since, arrival, stay_id from conversion_run order by id limit 1")
    return found[0] if found else None


def left_to_convert(tx: Tx) -> int | None:
    """How many stays the runs planned have still to look at; None where none is planned."""
    row = tx.execute(
        """
        select sum((
            select count(*) from stay s
            where case
                when r.since is null then s.id > coalesce(r.stay_id, %(first)s::uuid)
                when r.arrival is null then s.is_converted and s.arrival >= r.since
                else s.is_converted and (s.arrival, s.id) > (r.arrival, r.stay_id)
            end
        )) from conversion_run r
        """,
        {"first": FIRST},
    ).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def stays_of_run(tx: Tx, run: Run, most: int) -> list[tuple[date, UUID]]:
    """The next stays of a run, each with its arrival."""
    if run.since is None:
        query = "select arrival, id from stay where id > %(stay_id)s order by id limit %(most)s"
    else:
        query = """
            select arrival, id from stay
            where is_converted and (arrival, id) > (%(arrival)s, %(stay_id)s)
            order by arrival, id limit %(most)s
        """
    values = {"arrival": run.arrival or run.since, "stay_id": run.stay_id or FIRST, "most": most}
    return tx.execute(query, values).fetchall()


def mark_run(tx: Tx, run: Run, arrival: date, stay: UUID) -> None:
    tx.execute("update conversion_run set arrival = %s, stay_id = %s where id = %s", [arrival, stay, run.id])


def end_run(tx: Tx, run: Run) -> None:
    tx.execute("delete from conversion_run where id = %s", [run.id])
