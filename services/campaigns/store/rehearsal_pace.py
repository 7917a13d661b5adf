"""The SQL of bookings that are not known yet.

A hotel's bookings of the same weeks a year ago stand for those to come, moved by 364 days, so that a Friday stays a
Friday; where it has no such year, its bookings of the last 56 days, over and over. One that was cancelled, or to which
nobody came, does not count. What a booking brings is what known stays of the hotel bring in this very rehearsal: by
journey and channel, how many messages a stay so many days before or after its arrival or departure.
"""

from __future__ import annotations

from typing import Any

from shared.rows import row


@row
class Scale:
    """`year`, `weeks`: days by which bookings are moved. `fewest`: bookings of a time at least, and stays of a rate."""

    year: int = 364
    weeks: int = 56
    fewest: int = 20

    @property
    def values(self) -> dict[str, Any]:
        return {"year": self.year, "weeks": self.weeks, "fewest": self.fewest}


STOOD = "stay.status not in ('cancelled', 'no_show') and stay.arrival is not null"
PACE = f"""
    insert into rehearsal_pace (rehearsal_id, property, basis, stays)
    select %(id)s, code,
           case when year >= %(fewest)s and since <= %(at)s - make_interval(days => %(year)s) then 'year'
                when weeks >= %(fewest)s and since <= %(at)s - make_interval(days => %(weeks)s) then 'weeks'
                else 'none' end, 0
    from (
        select hotel.code, min(stay.booked_at) as since,
               count(*) filter (where stay.booked_at > %(at)s - make_interval(days => %(year)s)
                                  and stay.booked_at <= %(until)s - make_interval(days => %(year)s)) as year,
               count(*) filter (where stay.booked_at > %(at)s - make_interval(days => %(weeks)s)
                                  and stay.booked_at <= %(at)s) as weeks
        from property_known hotel left join stay_known stay on stay.property = hotel.code and {STOOD}
        group by hotel.code
    ) as counted
"""
TO_COME = f"""
    to_come as (
        select stay.property, booked_at + moved as booked_at, stay.arrival + days as arrival,
               stay.departure + days as departure
        from rehearsal_pace pace
        join stay_known stay on stay.property = pace.property and {STOOD}
        cross join lateral (
            select case pace.basis when 'year' then %(year)s else %(weeks)s * round end as days,
                   make_interval(days => case pace.basis when 'year' then %(year)s else %(weeks)s * round end) as moved
            from generate_series(1, case pace.basis when 'year' then 1 else 3 end) as round
        ) as shift
        where pace.rehearsal_id = %(id)s and pace.basis <> 'none'
          and stay.booked_at + moved > %(at)s and stay.booked_at + moved <= %(until)s
          and stay.booked_at <= %(at)s
          and (pace.basis = 'year' or stay.booked_at > %(at)s - make_interval(days => %(weeks)s))
    )
"""
EXPECTED = f"""
    with {TO_COME}, counted as (
        update rehearsal_pace pace set stays = (select count(*) from to_come where property = pace.property)
        where rehearsal_id = %(id)s
    ), went as (
        select distinct on (message_id) line.* from rehearsal_line line
        where rehearsal_id = %(id)s and stay_id is not null order by message_id, number desc
    ), placed as (
        select went.journey, went.channel, stay.property, went.currency, went.cost,
               went.day >= stay.departure as after,
               went.day - case when went.day >= stay.departure then stay.departure else stay.arrival end as days
        from went join stay_known stay on stay.stay_id = went.stay_id
        where went.state = 'sent'
    ), brought as (
        select journey, channel, property, currency, after, days, count(*) as messages, coalesce(sum(cost), 0) as cost
        from placed group by 1, 2, 3, 4, 5, 6
    ), observed as (
        -- how many known stays have that day within the rehearsal, so that a rate is of those it could be seen of
        select place.property, place.after, place.days, sum(stay.stays)::bigint as stays
        from (select distinct property, after, days from brought) as place
        join (
            select property, arrival, departure, count(*) as stays from stay_known stay where {STOOD} group by 1, 2, 3
        ) as stay on stay.property = place.property
         and case when place.after then stay.departure else stay.arrival end + place.days
             between %(first)s and %(last)s
         and (place.after or stay.arrival + place.days < stay.departure)
        group by 1, 2, 3
    ), rate as (
        select brought.*, brought.messages::numeric / observed.stays as share, brought.cost / observed.stays as each
        from brought join observed using (property, after, days) where observed.stays >= %(fewest)s
    )
    insert into rehearsal_expected (rehearsal_id, day, journey, channel, property, messages, cost, currency)
    select %(id)s, day, journey, channel, property, sum(share), sum(each), currency
    from (
        select rate.*, case when rate.after then to_come.departure else to_come.arrival end + rate.days as day,
               (to_come.booked_at at time zone 'UTC')::date as booked
        from rate join to_come using (property)
    ) as told
    where day between greatest(%(first)s, booked) and %(last)s
    group by day, journey, channel, property, currency
"""
