"""Figures that count guests, of one window and all cuts at once: sets, one pass over the stays of two windows.

A guest counts in a window whose stay ended in it, in the hotel's days. A cut by hotel asks for that hotel alone: guests
who came back to it. One by market or channel asks for the guests who came by it, and whether they came back however
they booked. Countries and segments are those of the guest today. Muted stays count as nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.segments.facts.contact import reachable_sql
from services.segments.rules.money.currencies import Currencies
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.window import Span, Window

CUTS = ("", "market", "channel", "country", "segment")
ALL_HOTELS = ""


@dataclass(frozen=True)
class GuestFigure:
    """A row of `guest_figure`: counts of guests, and of their stays, in one window, hotel and cut."""

    property: str
    cut: str
    value: str
    guests: int
    before: int
    retained: int
    known: int
    again: int
    complained: int
    email: int
    sms: int
    whatsapp: int
    stays: int
    visits: int
    nights: int
    spend: Decimal
    unpriced: int
    currency: str


COLUMNS = ", ".join(GuestFigure.__dataclass_fields__)
COUNTS = (
    *("guests", "before", "retained", "known", "again", "complained", "email", "sms", "whatsapp", "stays", "visits"),
    "nights",
)


def count_guests(
    tx: Tx, window: Window, today: date, currencies: Currencies, cuts: Collection[str] = CUTS
) -> list[GuestFigure]:
    """By hotel (empty: all) and cut. `today`: consents stand until then."""
    values = values_of(window, today, currencies, cuts)
    return tx.rows(GuestFigure, f"{COUNTED} select {COLUMNS} from counted order by property, cut, value", values)


def keep_counted(tx: Tx, span: Span, window: Window, today: date, currencies: Currencies, now: datetime) -> None:
    """Counts a window anew, and that it was."""
    values = {**values_of(window, today, currencies, CUTS), "span": span, "now": now}
    tx.execute("delete from guest_figure where span = %(span)s and first = %(first)s", values)
    tx.execute(
        f"{COUNTED} insert into guest_figure (span, first, {COLUMNS}) "
        f"select %(span)s, %(first)s, {COLUMNS} from counted",
        values,
    )
    tx.execute(
        "update figure_window set asked = null, counted_at = %(now)s where span = %(span)s and first = %(first)s",
        values,
    )


def values_of(window: Window, today: date, currencies: Currencies, cuts: Collection[str]) -> dict[str, object]:
    known = currencies.by_hotel()
    return {
        "first": window.first,
        "until": window.until,
        "before": window.before,
        "today": today,
        "cuts": list(cuts),
        "codes": list(known),
        "currencies": list(known.values()),
    }


def _left(first: str, until: str) -> str:
    """Stays that ended in these days. `begins`: none of the guest's stays here touches it from before."""
    return f"""
        select id, guest_id, property, coalesce(market_segment, '') as market, coalesce(channel, '') as channel, nights,
            amount, reported, arrival > coalesce(max(departure) over (
                partition by guest_id, property order by arrival, departure, id
                rows between unbounded preceding and 1 preceding), '-infinity') as begins
        from stay
        where status = 'checked_out' and not muted
            and checked_out_on >= {first}::date and checked_out_on < {until}::date
    """


BY_CUT = """
    cross join lateral (values ('', ''), ('market', market), ('channel', channel)) as by (cut, value)
    where by.cut = any(%(cuts)s::text[])
    group by grouping sets ((guest_id, by.cut, by.value, property), (guest_id, by.cut, by.value))
"""
OF_GUEST = """
    select guest_id, property, cut, value from {guests}
    union all
    select guest_id, property, 'country', coalesce(guest.country, '')
    from {guests} join guest on guest.id = guest_id
    where cut = '' and 'country' = any(%(cuts)s::text[])
    union all
    select guest_id, property, 'segment', segment.key
    from {guests} join membership using (guest_id)
    cross join unnest(membership.segments) as listed (number)
    join segment on segment.number = listed.number and segment.retired_at is null and not segment.private
    where cut = '' and 'segment' = any(%(cuts)s::text[])
"""
"""A guest's rows of everybody once more under their country and under each segment they are in."""
CHANNELS = tuple(Channel)
COUNTED = f"""
    with hotel as (select * from unnest(%(codes)s::text[], %(currencies)s::text[]) as known (property, currency)),
    stays as materialized ({_left("%(first)s", "%(until)s")}),
    came as materialized (
        select guest_id, coalesce(property, '') as property, by.cut, by.value, count(*) as stays,
            count(*) filter (where begins) as visits, sum(nights) as nights,
            coalesce(case when grouping(property) = 1 then sum(reported) else sum(amount) end, 0) as spend,
            case when grouping(property) = 1 then count(*) - count(reported) else count(*) - count(amount) end
                as unpriced
        from stays {BY_CUT}
    ),
    came_before as materialized (
        select guest_id, coalesce(property, '') as property, by.cut, by.value
        from ({_left("%(before)s", "%(first)s")}) as earlier {BY_CUT}
    ),
    known as materialized (
        select guest_id, coalesce(property, '') as property
        from stay
        where status = 'checked_out' and not muted and checked_out_on < %(first)s::date
            and guest_id in (select guest_id from stays)
        group by grouping sets ((guest_id, property), (guest_id))
    ),
    complained as materialized (
        select kase.guest_id, coalesce(kase.property, stay.property) as property
        from case_known kase left join stay on stay.id = kase.stay_id
        where kase.kind = 'complaint' and coalesce(stay.checked_out_on, kase.opened_on) >= %(first)s::date
            and coalesce(stay.checked_out_on, kase.opened_on) < %(until)s::date
    ),
    guests as materialized (
        select came.*, known.guest_id is not null as known, exists (
                select from complained c
                where c.guest_id = came.guest_id and (came.property = '' or c.property = came.property)
            ) as complained,
            {", ".join(f"coalesce({reachable_sql(channel)}, false) as {channel}" for channel in CHANNELS)}
        from came
        left join known using (guest_id, property)
        left join (select *, %(today)s::date as today from guest_facts) as p using (guest_id)
    ),
    now as (
        select by.property, by.cut, by.value, count(*) as guests, count(*) filter (where g.known) as known,
            count(*) filter (where g.visits > 1) as again, count(*) filter (where g.complained) as complained,
            {", ".join(f"count(*) filter (where g.{channel}) as {channel}" for channel in CHANNELS)},
            sum(g.stays) as stays, sum(g.visits) as visits, sum(g.nights) as nights, sum(g.spend) as spend,
            sum(g.unpriced) as unpriced
        from ({OF_GUEST.format(guests="came")}) as by
        join guests g on g.guest_id = by.guest_id and g.property = by.property
            and (g.cut, g.value) = (case when by.cut in ('country', 'segment') then '' else by.cut end,
                                    case when by.cut in ('country', 'segment') then '' else by.value end)
        group by by.property, by.cut, by.value
    ),
    then_ as (
        select by.property, by.cut, by.value, count(*) as before, count(again.guest_id) as retained
        from ({OF_GUEST.format(guests="came_before")}) as by
        left join came again on again.guest_id = by.guest_id and again.property = by.property and again.cut = ''
        group by by.property, by.cut, by.value
    ),
    counted as (
        select property, cut, value, {", ".join(f"coalesce({name}, 0)::int as {name}" for name in COUNTS)},
            coalesce(spend, 0) as spend, coalesce(unpriced, 0)::int as unpriced,
            coalesce(hotel.currency, '') as currency
        from now full join then_ using (property, cut, value) left join hotel using (property)
    )
"""
