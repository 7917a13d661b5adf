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

from services.segments.facts.families.contact import reachable_sql
from services.segments.rules.money.currencies import Currencies
from services.segments.store.figures.visits import complained
from services.segments.store.figures.whole import MEMORY
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
    query = f"{counted_sql(cuts)} select {COLUMNS} from counted order by property, cut, value"
    return tx.rows(GuestFigure, query, values_of(window, today, currencies))


def keep_counted(tx: Tx, span: Span, window: Window, today: date, currencies: Currencies, now: datetime) -> None:
    """Counts a window anew, and that it was."""
    values = {**values_of(window, today, currencies), "span": span, "now": now}
    tx.execute(MEMORY)
    tx.execute("delete from guest_figure where span = %(span)s and first = %(first)s", values)
    tx.execute(
        f"{counted_sql(CUTS)} insert into guest_figure (span, first, {COLUMNS}) "
        f"select %(span)s, %(first)s, {COLUMNS} from counted",
        values,
    )
    tx.execute(
        "update figure_window set asked = null, counted_at = %(now)s where span = %(span)s and first = %(first)s",
        values,
    )


def values_of(window: Window, today: date, currencies: Currencies) -> dict[str, object]:
    known = currencies.by_hotel()
    return {
        "first": window.first,
        "until": window.until,
        "before": window.before,
        "today": today,
        "codes": list(known),
        "currencies": list(known.values()),
    }


def _left(first: str, until: str, whose: str) -> str:
    """Stays that ended in these days. `begins`: none of the guest's stays here touches it from before."""
    return f"""
        select id, guest_id, property, coalesce(market_segment, '') as market, coalesce(channel, '') as channel, nights,
            amount, reported, arrival > coalesce(max(departure) over (
                partition by guest_id, property order by arrival, departure, id
                rows between unbounded preceding and 1 preceding), '-infinity') as begins
        from stay
        where status = 'checked_out' and not muted
            and checked_out_on >= {first}::date and checked_out_on < {until}::date and {whose}
    """


_OF_STAY = ("market", "channel")
"""Cuts by what a stay was, each a column of it."""
_OF_GUEST = {
    "country": ("coalesce(guest.country, '')", "join guest on guest.id = guest_id"),
    "segment": (
        "segment.key",
        """join membership using (guest_id) cross join unnest(membership.segments) as listed (number)
        join segment on segment.number = listed.number and segment.retired_at is null and not segment.private""",
    ),
}
"""Cuts by what everybody is: the value, and where it stands."""
CHANNELS = tuple(Channel)
_SUMS = f"""
    count(*) as guests, count(*) filter (where known) as known, count(*) filter (where visits > 1) as again,
    count(*) filter (where complained) as complained,
    {", ".join(f"count(*) filter (where {channel}) as {channel}" for channel in CHANNELS)},
    sum(guests.stays) as stays, sum(visits) as visits, sum(guests.nights) as nights, sum(spend) as spend,
    sum(unpriced) as unpriced
"""


def _by_cut(cuts: Collection[str]) -> str:
    """A guest once at their hotel and once at none, for everybody and for each value of a cut that their stays had."""
    columns = [f", {cut}" if cut else "" for cut in cuts if not cut or cut in _OF_STAY]
    sets = ", ".join(f"(guest_id, property{column}), (guest_id{column})" for column in columns)
    return f"group by grouping sets ({sets})"


def _cut(cuts: Collection[str]) -> str:
    """What a row of `_by_cut` is of: `property` (empty: all hotels), `cut`, `value`."""
    columns = [cut for cut in cuts if cut in _OF_STAY]
    named = " ".join(f"when grouping({one}) = 0 then '{one}'" for one in columns)
    return f"""
        coalesce(property, '') as property, {f"case {named} else '' end" if named else "''"} as cut,
        {f"coalesce({', '.join(columns)}, '')" if columns else "''"} as value
    """


def _summed(table: str, sums: str, cuts: Collection[str]) -> str:
    """Guests of a table added up by hotel and cut; everybody once more by country and by each segment they are in."""
    everybody = f"select {table}.property, cut, value, {sums} from {table} group by {table}.property, cut, value"
    of_guests = [
        f"""
        select {table}.property, '{cut}', {value}, {sums} from {table} {where} where cut = ''
        group by {table}.property, {value}
        """
        for cut, (value, where) in _OF_GUEST.items()
        if cut in cuts
    ]
    return " union all ".join([everybody, *of_guests])


def counted_sql(cuts: Collection[str], whose: str = "true") -> str:
    """`guests` and `came_before`: who came in a window and in the one before, at a hotel (empty: at any), for a value
    of a cut; `counted`: their numbers. Of guests who are `whose` alone."""
    return f"""
    with hotel as (select * from unnest(%(codes)s::text[], %(currencies)s::text[]) as known (property, currency)),
    stays as materialized ({_left("%(first)s", "%(until)s", whose)}),
    came as materialized (
        select coalesce(property, '') as property, guest_id from stays
        group by grouping sets ((guest_id, property), (guest_id))
    ),
    came_before as materialized (
        select guest_id, {_cut(cuts)},
            case when grouping(property) = 1 then bool_or(anywhere.guest_id is not null)
                else bool_or(here.guest_id is not null) end as retained
        from ({_left("%(before)s", "%(first)s", whose)}) as earlier
        left join came here using (guest_id, property)
        left join (select guest_id from came where property = '') as anywhere using (guest_id)
        {_by_cut(cuts)}
    ),
    known as materialized (
        select guest_id, coalesce(property, '') as property
        from stay
        where status = 'checked_out' and not muted and checked_out_on < %(first)s::date
            and guest_id in (select guest_id from stays)
        group by grouping sets ((guest_id, property), (guest_id))
    ),
    complained as ({complained("%(first)s", "%(until)s")}),
    guests as materialized (
        select stayed.*, known.guest_id is not null as known, complained.guest_id is not null as complained,
            {", ".join(f"coalesce({reachable_sql(channel)}, false) as {channel}" for channel in CHANNELS)}
        from (
            select guest_id, {_cut(cuts)}, count(*) as stays, count(*) filter (where begins) as visits,
                sum(nights) as nights,
                coalesce(case when grouping(property) = 1 then sum(reported) else sum(amount) end, 0) as spend,
                count(*) - case when grouping(property) = 1 then count(reported) else count(amount) end as unpriced
            from stays {_by_cut(cuts)}
        ) as stayed
        left join known using (guest_id, property)
        left join complained using (guest_id, property)
        left join (select *, %(today)s::date as today from guest_facts) as p using (guest_id)
    ),
    now as ({_summed("guests", _SUMS, cuts)}),
    then_ as ({_summed("came_before", "count(*) as before, count(*) filter (where retained) as retained", cuts)}),
    counted as (
        select property, cut, value, {", ".join(f"coalesce({name}, 0)::int as {name}" for name in COUNTS)},
            coalesce(spend, 0) as spend, coalesce(unpriced, 0)::int as unpriced,
            coalesce(hotel.currency, '') as currency
        from now full join then_ using (property, cut, value) left join hotel using (property)
    )
    """
