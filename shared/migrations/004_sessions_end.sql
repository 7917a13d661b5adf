-- Sessions that were ended before their time: kept until nobody could use a copy of their cookie any more.

create table session_ended (
    session_id uuid primary key,
    ends_at timestamptz not null
);
create index session_ended_ends on session_ended (ends_at);

-- When this service last heard that what it knows of access is up to date: one row, by this service's own clock.
create table access_heard (
    publisher text primary key,
    version bigint not null, -- of the newest heartbeat
    heard_at timestamptz not null
);
