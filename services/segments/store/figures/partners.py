"""Which companies and channels bring stays: sums by hotel and month, counted anew for all of them in one pass.

A stay is of the company that its source states, or of the one that was merged into; one that states none is of the
company at whose rate code it was booked, within the same legal entity.
"""

from __future__ import annotations

from datetime import date

from services.segments.rules.figures import oldest
from services.segments.store.figures.visits import STAYED
from services.segments.store.figures.whole import of_everybody
from shared.database.pool import Tx


def keep_partners(tx: Tx, today: date) -> None:
    tx.execute("delete from partner_figure")
    with of_everybody(tx):
        tx.execute(KEEP, {"oldest": oldest(today)})


def of_partners(which: str) -> str:
    """The stays that ended, `which` of them, with `company` (empty: none) and `channel`."""
    return f"""
        select s.property, s.checked_out_on, s.nights, s.revenue, coalesce(s.currency, '') as currency,
            coalesce(coalesce(named.merged_into, named.id, coded.company_id)::text, '') as company,
            coalesce(s.channel, '') as channel
        from (select * from stay where {STAYED} and {which}) as s
        left join company named on named.id = s.company_id
        left join (
            select distinct on (hotel.code, rate.plan) hotel.code as property, rate.plan, c.id as company_id
            from company c
            cross join unnest(c.rate_codes) as rate (plan)
            join property_known hotel on hotel.legal_entity = c.legal_entity
            where c.merged_into is null
            order by hotel.code, rate.plan, c.created_at, c.id
        ) as coded on s.company_id is null and coded.property = s.property and coded.plan = s.rate_plan
    """


SUMS = """
    count(*) as stays, sum(nights) as nights, count(revenue) as priced,
    coalesce(sum(revenue), 0) as revenue
"""
KEEP = f"""
    insert into partner_figure (by, value, property, month, currency, stays, nights, priced, revenue)
    select case when grouping(company) = 0 then 'company' else 'channel' end, coalesce(company, channel), property,
        month, currency, {SUMS}
    from (
        select *, checked_out_on - (date_part('day', checked_out_on) - 1)::int as month
        from ({of_partners("checked_out_on >= %(oldest)s")}) as stayed
    ) as by_month
    group by grouping sets ((company, property, month, currency), (channel, property, month, currency))
"""
