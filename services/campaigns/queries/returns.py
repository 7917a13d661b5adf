"""What messages cost and brought, of the guests who entered on some days: by journey and by channel.

With and without it: as a journey's results have it, a stay for the last message before it was booked, within the days
of the journey's goal. Clicks: a stay booked within 30 days after a link was opened belongs to the message opened last
before it, and to the one opened first of these; both are told. Money is never added across currencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from services.campaigns.queries.results import KEPT_OUT, LAST_CLICK, MEMORY, OVER, WENT
from services.campaigns.queries.scope import SEEN
from services.campaigns.rules.results import Group
from services.campaigns.rules.returns import Clicked, Compared, Paid, Returns
from shared.access.scope import Scope, within
from shared.database.pool import Tx


def return_rows(tx: Tx, since: datetime, until: datetime, scope: Scope) -> list[Any]:
    """As `returns_of` reads them; plain values, so that they can be kept."""
    tx.execute(MEMORY)
    values = {"since": since, "until": until, **scope.values}
    return [list(row) for query in (COMPARED, PAID, CLICKED) for row in tx.execute(query, values)]


def returns_of(rows: Sequence[Sequence[Any]]) -> Returns:
    found = Returns([], [], [])
    for kind, *values in rows:
        match kind:
            case "paid":
                journey, channel, currency, messages, cost = values
                found.paid.append(Paid(journey, channel, currency, messages, Decimal(cost)))
            case "clicked":
                is_first, journey, channel, currency, stays, unknown, revenue = values
                found.clicked.append(Clicked(is_first, journey, channel, currency, stays, unknown, Decimal(revenue)))
            case _:
                journey, written, booked, control, control_booked = values
                found.compared.append(Compared(journey, Group(written, booked), Group(control, control_booked)))
    return found


def are_many_in_all(tx: Tx, since: datetime, until: datetime, most: int) -> bool:
    """Whether more than `most` entered any journey; no more than that are looked at of each."""
    query = """
        select count(*) from journey cross join lateral (
            select from enrolment
            where enrolment.journey = journey.key and entered_at >= %(since)s and entered_at < %(until)s
            limit %(most)s + 1
        ) as these
    """
    row = tx.execute(query, {"since": since, "until": until, "most": most}).fetchone()
    return row is not None and row[0] > most


IN_WINDOW = f"enrolment.entered_at >= %(since)s and enrolment.entered_at < %(until)s and {SEEN}"
_ENTERED = f"""
    entered as (
        select enrolment.id, coalesce(merged_into, enrolment.guest_id) as guest_id, enrolment.journey, stay_id
        from enrolment left join guest_known known on known.guest_id = enrolment.guest_id
        where {IN_WINDOW}
    )
"""
COMPARED = f"""
    with {_ENTERED}, days as (
        select distinct on (journey) journey,
            make_interval(days => coalesce((document -> 'goal' ->> 'within_days')::int, 30)) as within
        from journey_version order by journey, version desc
    ), judged as (
        select entered.id, entered.guest_id, entered.journey, entered.stay_id, within,
            min(message.settled_at) filter (where {WENT}) is null as held_out,
            coalesce(min(message.settled_at) filter (where {WENT}), min(message.settled_at)) as since
        from entered join message on message.enrolment_id = entered.id join days on days.journey = entered.journey
        where {WENT} or ({KEPT_OUT})
        group by entered.id, entered.guest_id, entered.journey, entered.stay_id, within
    ), booked as (
        select distinct on (judged.journey, stay.stay_id) judged.journey, judged.id, held_out
        from judged join stay_known stay on stay.guest_id = judged.guest_id
        where stay.booked_at >= judged.since and stay.booked_at < judged.since + within and {OVER}
            and stay.stay_id is distinct from judged.stay_id and {within("stay.property")}
        order by judged.journey, stay.stay_id, judged.since desc, judged.id
    ), sums as (
        select journey, count(distinct id) filter (where not held_out) as booked,
            count(distinct id) filter (where held_out) as control_booked
        from booked group by journey
    )
    select 'compared', journey, (count(*) filter (where not held_out))::int, coalesce(max(booked), 0)::int,
        (count(*) filter (where held_out))::int, coalesce(max(control_booked), 0)::int
    from judged left join sums using (journey) group by journey order by journey
"""
PAID = f"""
    with {_ENTERED}
    select 'paid', journey, coalesce(channel, ''), case when cost is null then '' else coalesce(currency, '') end,
        count(*)::int, coalesce(sum(cost), 0)::text
    from entered join message on message.enrolment_id = entered.id
    where {WENT} group by 2, 3, 4 order by 2, 3, 4
"""
CLICKED = f"""
    with clicks as materialized (
        select message.id, message.clicked_at, coalesce(message.channel, '') as channel, enrolment.journey,
            coalesce(known.merged_into, enrolment.guest_id) as guest_id, {IN_WINDOW} as is_ours
        from message join enrolment on enrolment.id = message.enrolment_id
        left join guest_known known on known.guest_id = enrolment.guest_id
        where message.clicked_at >= %(since)s - {LAST_CLICK}
    ), won as materialized (
        select stay.stay_id, stay.revenue, coalesce(nullif(stay.currency, ''), hotel.currency, '') as currency, clicks.*
        from clicks join stay_known stay on stay.guest_id = clicks.guest_id
        left join property_known hotel on hotel.code = stay.property
        where stay.booked_at > clicks.clicked_at and stay.booked_at <= clicks.clicked_at + {LAST_CLICK}
            and {OVER} and {within("stay.property")}
    ), told as (
        (select distinct on (stay_id) false as is_first, won.* from won order by stay_id, clicked_at desc, id)
        union all
        (select distinct on (stay_id) true, won.* from won order by stay_id, clicked_at, id)
    )
    select 'clicked', is_first, journey, channel, currency, count(*)::int,
        (count(*) filter (where revenue is null))::int, coalesce(sum(revenue), 0)::text
    from told where is_ours group by 2, 3, 4, 5 order by 2, 3, 4, 5
"""
