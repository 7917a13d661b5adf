"""The guests of a night by what RFM is made of, and who went from class to class: in sets.

Tonight's are what rules read (`guest_facts`, the averages of hotels); a date before is worked out from the stays that
had ended by then, against today's averages and by today's bands: what differs is what guests did.
"""

from __future__ import annotations

from datetime import date, datetime

from services.segments.rules.rfm import MOST_DAYS, MOST_SHARE, MOST_STAYS, STEP_DAYS, STEP_SHARE, Bands, Counted
from services.segments.store.figures.whole import of_everybody
from shared.database.pool import Tx
from shared.localtime import months_later

BACK = (1, 3, 6, 12)
"""Months before a night, with which it is compared."""


def last_night(tx: Tx) -> date | None:
    row = tx.execute("select max(as_of) from rfm_night").fetchone()
    return row[0] if row else None


def count_night(tx: Tx, as_of: date, bands: Bands, now: datetime) -> None:
    """Counts that day's guests anew. Of earlier nights those of the first of a month stay, with what they found."""
    values = values_of(as_of, bands)
    tx.execute("delete from rfm_night where as_of = %(as_of)s or extract(day from as_of) > 1", values)
    tx.execute(
        """
        insert into rfm_night (as_of, counted_at, recent, frequent, window_days, spend)
        values (%(as_of)s, %(now)s, %(recent)s, %(frequent)s, %(window)s, %(spend)s)
        """,
        {**values, "now": now},
    )
    tx.execute("delete from rfm_shape")
    days = [months_later(as_of, -back) for back in BACK]
    with of_everybody(tx):
        tx.execute(KEEP, {**values, "days": days})


def values_of(as_of: date, bands: Bands) -> dict[str, object]:
    """What the statements are given."""
    return {
        "as_of": as_of,
        "recent": list(bands.recent),
        "frequent": list(bands.frequent),
        "window": bands.window_days,
        "spend": list(bands.spend),
    }


def shape(tx: Tx, window_days: int) -> tuple[Counted, Counted, Counted]:
    """How many guests have which days since the last check-out, stays, and share of the average in twentieths."""
    year = "year" if window_days == 365 else "two_years"
    days, stays, shares = (
        tx.execute(f"select {column}, sum(guests)::int from rfm_shape group by 1 order by 1").fetchall()
        for column in ("days", year, "share")
    )
    return days, stays, shares


def band(column: str, kind: str, sign: str) -> str:
    """SQL: 1 for the upper band, 2 for the middle, 3 below both; 3 where nothing is known."""
    upper, middle = (f"{column} {sign} (%({kind})s::numeric[])[{place}]" for place in (1, 2))
    return f"case when {upper} then 1 when {middle} then 2 else 3 end"


def code_of(recent: str, frequent: str, spend: str) -> str:
    """SQL: the class of a guest by the bands."""
    return " || ".join(f"case when {one} < 3 then 'H' else 'L' end" for one in (recent, frequent, spend))


DAYS = "%(as_of)s::date - f.last_checkout_on"
SHARE = "round(f.mean_spend / nullif(v.mean_spend, 0), 4)"  # as the fact `spend_against_average` has it
# Whoever objects to being chosen is in no class.
POSITION = f"""
    select f.guest_id, f.last_property as property, {DAYS} as days,
        coalesce(w.year, 0) as year, coalesce(w.two_years, 0) as two_years, {SHARE} as share, f.spend
    from guest_facts f
    left join property_average v on v.property = f.last_property
    {{windows}}
    where f.stays > 0 and not f.in_no_audience
"""
IN_WINDOWS = """
    select guest_id, count(*) filter (where checked_out_on > %(as_of)s::date - 365) as year, count(*) as two_years
    from stay where status = 'checked_out' and not muted and checked_out_on > %(as_of)s::date - 730
"""
TONIGHT = POSITION.format(windows=f"left join ({IN_WINDOWS} group by guest_id) as w on w.guest_id = f.guest_id")
ONE_BY_ONE = POSITION.format(
    windows=f"left join lateral ({IN_WINDOWS} and guest_id = f.guest_id group by guest_id offset 0) as w on true"
)
"""The same where few guests are looked at, in the order of their ids."""
_SHAPE = f"""
    insert into rfm_shape (property, days, year, two_years, share, guests, spend)
    select property, greatest(least(ceil(days / {STEP_DAYS}.0) * {STEP_DAYS}, {MOST_DAYS + STEP_DAYS}), 0)::int,
        least(year, {MOST_STAYS}), least(two_years, {MOST_STAYS}),
        coalesce(greatest(least(floor(share / {STEP_SHARE}), {MOST_SHARE / STEP_SHARE}), -1), -1)::int,
        count(*), sum(spend)
    from tonight group by 1, 2, 3, 4, 5
"""
STAYS = "case when %(window)s = 365 then year else two_years end"
BANDS_OF = f"""
    *, {band("days", "recent", "<=")} as recent, {band(STAYS, "frequent", ">=")} as frequent,
    {band("share", "spend", ">=")} as spent
"""
CODE = code_of("recent", "frequent", "spent")
_IN_ORDER = "checked_out_on, checked_out_at, reservation, s.id"
# What a guest spent by the end of a stay is in the currency of that stay, as `mean_spend` is in that of the last one.
ENDED = f"""
    select guest_id, checked_out_on as day,
        lead(checked_out_on, 1, 'infinity') over (partition by guest_id order by {_IN_ORDER}) as next_day,
        round(round(coalesce(sum(amount) over alike, 0)
            / nullif(count(*) filter (where amount is not null or revenue is null) over alike, 0), 2)
            / nullif(v.mean_spend, 0), 4) as share
    from stay s left join property_average v on v.property = s.property
    where status = 'checked_out' and not muted
    window alike as (partition by guest_id, amount_currency order by {_IN_ORDER} rows unbounded preceding)
"""


def _then(back: int, day: str) -> str:
    """Of a guest's stays that had ended by a day: the last one, how many lie in the window, and what was spent."""
    return f"""
        {day} - max(day) filter (where day <= {day}) as days_{back},
        count(*) filter (where day <= {day} and day > {day} - %(window)s) as stays_{back},
        max(share) filter (where day <= {day} and next_day > {day}) as share_{back}
    """


def _code_then(back: int) -> str:
    bands = (
        band(f"days_{back}", "recent", "<="),
        band(f"stays_{back}", "frequent", ">="),
        band(f"share_{back}", "spend", ">="),
    )
    return f"case when days_{back} is null then '' else {code_of(*bands)} end as code_{back}"


_CODES = ", ".join(f"code_{back}" for back in BACK)
# One pass over the stays for all the days that tonight is compared with.
KEEP = f"""
    with tonight as materialized ({TONIGHT}), shape as ({_SHAPE}),
    now as (select guest_id, property, {CODE} as code from (select {BANDS_OF} from tonight) as banded),
    ended as ({ENDED}),
    earlier as (
        select guest_id, {", ".join(map(_code_then, BACK))}
        from (
            select guest_id, {", ".join(_then(back, f"(%(days)s::date[])[{n}]") for n, back in enumerate(BACK, 1))}
            from ended group by guest_id
        ) as each
    ),
    alike as (
        select property, code, {_CODES}, count(*) as guests
        from now left join earlier using (guest_id)
        group by property, code, {_CODES}
    )
    insert into rfm_flow (as_of, back, property, before, now, guests)
    select %(as_of)s, then_.back, property, coalesce(then_.code, ''), alike.code, sum(guests)
    from alike cross join lateral (values {", ".join(f"({back}, code_{back})" for back in BACK)}) as then_ (back, code)
    group by then_.back, property, 4, alike.code
"""
