-- The same sums by month: periods are made of whole months, and five years of days are half a million rows.
create table stay_month (like stay_day including constraints including indexes);
insert into stay_month
    (day, property, channel, market, currency, bookings, lead_days, arrivals, cancelled, no_shows, stays, nights, priced,
     revenue)
select date_trunc('month', day)::date, property, channel, market, currency, sum(bookings), sum(lead_days), sum(arrivals),
       sum(cancelled), sum(no_shows), sum(stays), sum(nights), sum(priced), sum(revenue)
from stay_day group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5;
