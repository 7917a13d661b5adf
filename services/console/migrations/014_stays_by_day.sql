-- What stays come to, day by day. Of each stay stands here what it was counted as, so that a later version takes it back.

create table stay_counted (
    stay_id uuid primary key,
    version bigint not null, -- 0: known by its number alone as yet
    guest_id uuid not null,
    property text not null,
    channel text not null, -- as the source names it; empty: it names none
    market text not null, -- the same
    currency text not null, -- of the revenue; empty: the hotel's
    booked_on date, -- these days are the hotel's
    arrival date,
    left_on date,
    status text not null,
    lead_days int not null,
    nights int not null,
    revenue numeric
);
create index stay_counted_guest on stay_counted (guest_id);

-- A stay counts on up to three days: when it was booked, when it arrives, when its guests left.
create table stay_day (
    day date not null,
    property text not null,
    channel text not null,
    market text not null,
    currency text not null,
    bookings int not null,
    lead_days bigint not null, -- of the bookings
    arrivals int not null, -- that were booked, whatever became of them
    cancelled int not null, -- of the arrivals
    no_shows int not null, -- of the arrivals
    stays int not null, -- that ended
    nights int not null, -- of the stays
    priced int not null, -- stays of which a revenue is known
    revenue numeric not null, -- of these
    primary key (day, property, channel, market, currency)
);
