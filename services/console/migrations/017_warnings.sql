-- Warnings: what is watched, hotel by hotel, and what lay outside what chance explains.

-- Complaints, answers and mail that came back, as they are told: by their numbers, without a guest.
create table signal_seen (
    kind text not null check (kind in ('complaint', 'answer', 'bounce', 'spam')),
    id uuid not null, -- of the case, the answer or the message
    version bigint not null,
    property text not null, -- empty: none is known
    day date not null, -- UTC
    value int, -- of an answer its score, null: it was taken back; of the others 1
    primary key (kind, id)
);
create index signal_seen_day on signal_seen (day, kind);

create table warning (
    id bigint generated always as identity primary key,
    signal text not null,
    property text not null,
    began_on date not null, -- the last day of the days that were judged first
    last_on date not null, -- the last day on which it was so
    ended_on date, -- null: it is so still
    value double precision not null,
    centre double precision not null, -- what is usual
    border double precision not null, -- where chance ends
    part bigint not null,
    whole bigint not null,
    raised_at timestamptz not null,
    seen_at timestamptz,
    seen_by text
);
create unique index warning_open on warning (signal, property) where ended_on is null;
create index warning_newest on warning (raised_at desc);

-- Who is told by e-mail, by role; without a row: duty managers.
create table warning_setting (
    single bool primary key default true check (single),
    told text[] not null,
    changed_at timestamptz not null,
    changed_by text not null
);
create table warning_night (
    single bool primary key default true check (single),
    next_at timestamptz not null
);

create index stay_counted_arrival on stay_counted (arrival);
