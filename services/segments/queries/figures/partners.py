"""Which companies and channels bring stays, as a night counted it, and the guests behind a company."""

from __future__ import annotations

from uuid import UUID

from services.segments.queries.companies import OF_COMPANY
from services.segments.queries.figures.listed import Listed, listed
from services.segments.rules.partners import Part
from services.segments.store.figures.partners import SUMS, of_partners
from shared.database.pool import Tx
from shared.vocabulary.window import Window

COMPANY, CHANNEL = "company", "channel"
BY = (COMPANY, CHANNEL)


def partners_in(tx: Tx, by: str, window: Window, before: Window, property: str) -> list[Part]:
    """Of two windows of whole months; what was merged since the night is one."""
    values: dict[str, object] = {"by": by, "property": property}
    for name, one in (("now", window), ("then", before)):
        values |= {name: one.first, f"{name}_until": one.until}
    return tx.rows(Part, PARTS, values)


def companies_between(tx: Tx, window: Window, property: str) -> list[Part]:
    """Of any days, counted on the spot."""
    values = {"first": window.first, "until": window.until, "property": property}
    return tx.rows(Part, ON_THE_SPOT, values)


def company_name(tx: Tx, id: UUID) -> str | None:
    row = tx.execute("select name from company where id = %s", [id]).fetchone()
    return row[0] if row else None


def guests_of_company(tx: Tx, id: UUID, window: Window, property: str, after: UUID | None) -> Listed:
    values = {"id": id, "first": window.first, "until": window.until, "property": property}
    return listed(tx, behind, values, after)


def behind(whose: str) -> str:
    return f"""
        with behind as materialized (
            select distinct guest_id
            from company c join stay s on {OF_COMPANY}
            where c.id = %(id)s and s.status = 'checked_out' and not s.muted and {whose}
                and s.checked_out_on >= %(first)s::date and s.checked_out_on < %(until)s::date
                and (%(property)s = '' or s.property = %(property)s)
        )
    """


_NOW = "month >= %(now)s and month < %(now_until)s"
_THEN = "month >= %(then)s and month < %(then_until)s"
_COUNTED = ("stays", "nights", "priced", "revenue")
PARTS = f"""
    select coalesce(stands.id::text, value) as value, coalesce(stands.name, value) as name,
        coalesce(stands.property, '') as named_at, f.property, f.currency,
        {", ".join(f"coalesce(sum({name}) filter (where {_NOW}), 0) as {name}" for name in _COUNTED)},
        {", ".join(f"coalesce(sum({name}) filter (where {_THEN}), 0) as {name}_before" for name in _COUNTED)}
    from partner_figure f
    left join company c on f.by = 'company' and c.id::text = f.value
    left join company stands on stands.id = coalesce(c.merged_into, c.id)
    where f.by = %(by)s and (%(property)s = '' or f.property = %(property)s) and ({_NOW} or {_THEN})
    group by 1, 2, 3, 4, 5 order by 1, 4, 5
"""
ON_THE_SPOT = f"""
    select of_company.*, coalesce(c.name, '') as name, coalesce(c.property, '') as named_at
    from (
        select company as value, property, currency, {SUMS}
        from ({of_partners("checked_out_on >= %(first)s and checked_out_on < %(until)s")}) as stayed
        where %(property)s = '' or property = %(property)s
        group by company, property, currency
    ) as of_company
    left join company c on c.id::text = of_company.value
    order by value, property, currency
"""
