-- How long what is kept, as the hotel set it (a read model of retention.changed), and what was dropped.

create table retention_term (
    kept text not null,
    country text not null, -- '': every country
    version bigint not null,
    days int, -- neither: the default again
    months int,
    primary key (kept, country),
    check (num_nonnulls(days, months) < 2)
);

-- The first night on which anything is dropped: what a new version would drop is shown a week before.
create table retention_begun (
    single bool primary key default true check (single),
    first_night date not null
);

-- A night's run of one subject (a table, or guests): how far it has come, and its line once it has ended.
create table retention_run (
    night date not null,
    subject text not null,
    kept text not null,
    place text not null default '', -- where the next range begins
    dropped bigint not null default 0,
    began_at timestamptz not null,
    ended_at timestamptz,
    primary key (night, subject)
);

-- How many the next night would drop.
create table retention_count (
    subject text primary key,
    kept text not null,
    night date not null,
    due bigint not null,
    counted_at timestamptz not null
);
