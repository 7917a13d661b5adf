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

-- By which channel a message went, so that what it costs can be told; of messages seen before: `republish deliveries`.
alter table message_seen add column channel text;

-- What the house wants of a figure, where it is not what is shipped; and by what figures are counted.
create table figure_target (
    figure text primary key,
    target numeric, -- null: the house wants none
    changed_at timestamptz not null,
    changed_by text not null
);
create table figure_setting (
    single bool primary key default true check (single),
    direct text[] not null, -- channels, as sources name them, that bring guests without an agent
    prices jsonb not null, -- of one message, by channel
    currency text not null, -- of the prices
    changed_at timestamptz not null,
    changed_by text not null
);
