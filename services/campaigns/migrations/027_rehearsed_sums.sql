-- What messages cost, the stays that are not known yet, and the last days played once more.

-- By what a message went and what it cost then; null cost: the house had not said.
alter table message add column channel text, add column parts int, add column cost numeric, add column currency text;

delete from rehearsal; -- each is a view of one moment, without the sums below
alter table rehearsal add column asked_at timestamptz not null,
    add column is_replay boolean not null default false; -- its days have passed
drop index rehearsal_newest;
create index rehearsal_newest on rehearsal (journey, asked_at desc);
alter table rehearsal_line add column stay_id uuid, add column cost numeric, add column currency text;
create index rehearsal_line_journey on rehearsal_line (rehearsal_id, journey, number);
create index rehearsal_line_message on rehearsal_line (rehearsal_id, message_id, number);

-- The gate's last words, added up by hour. A message of no hotel is seen where its guest stays: `seen_by`.
create table rehearsal_sum (
    rehearsal_id uuid not null references rehearsal on delete cascade,
    day date not null,
    hour int not null,
    journey text not null,
    step text not null,
    template text not null,
    channel text,
    language text not null,
    state text not null,
    reason text,
    property text,
    seen_by text[] not null,
    messages int not null,
    parts int not null,
    cost numeric not null, -- of those of which the price is known
    currency text, -- null: none of them is known
    unpriced int not null -- messages that would go at a price nobody has said
);
create index rehearsal_sum_day on rehearsal_sum (rehearsal_id, day);

-- How many guests each verdict is about. `waits`: on the way, whatever the last word is.
create table rehearsal_verdict (
    rehearsal_id uuid not null references rehearsal on delete cascade,
    waits boolean not null,
    journey text not null,
    state text not null,
    reason text,
    channel text,
    property text,
    seen_by text[] not null,
    messages int not null,
    guests int not null,
    parts int not null
);
create index rehearsal_verdict_of on rehearsal_verdict (rehearsal_id);

-- Stays that nobody has booked yet, at the usual pace: bookings of a time that has passed, moved by whole weeks.
create table rehearsal_pace (
    rehearsal_id uuid not null references rehearsal on delete cascade,
    property text not null,
    basis text not null check (basis in ('year', 'weeks', 'none')),
    stays int not null,
    primary key (rehearsal_id, property)
);
create table rehearsal_expected (
    rehearsal_id uuid not null references rehearsal on delete cascade,
    day date not null,
    journey text not null,
    channel text not null,
    property text not null,
    messages numeric not null,
    cost numeric not null,
    currency text
);
create index rehearsal_expected_day on rehearsal_expected (rehearsal_id, day);
