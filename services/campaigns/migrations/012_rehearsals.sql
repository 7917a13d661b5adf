-- Rehearsals: what journeys would do in the days to come. Nothing here is counted, sent or ever becomes true.

create table rehearsal (
    id uuid primary key,
    journey text, -- null: all that run
    days int not null check (days between 1 and 90),
    at timestamptz not null,
    until timestamptz not null,
    launches jsonb not null, -- documents that are launched in it only
    state text not null check (state in
        ('forecasting', 'playing', 'judging', 'done', 'failed', 'cancelled', 'superseded')),
    problem text,
    asked_by text not null,
    reached_at timestamptz, -- how far it has come, in its own time
    changes_of int, -- rows that segments tells; null: not known yet
    changes_here int not null default 0, -- the end counted too
    lines_of int,
    lines_here int not null default 0,
    ended_at timestamptz,
    changed_at timestamptz not null
);
create index rehearsal_newest on rehearsal (journey, at desc);

create table rehearsal_change (
    rehearsal_id uuid not null references rehearsal on delete cascade,
    number int not null,
    guest_id uuid not null,
    segment text not null,
    version bigint not null,
    entered boolean not null,
    initial boolean not null,
    at timestamptz not null,
    zone text not null,
    because jsonb not null,
    primary key (rehearsal_id, number)
);
create index rehearsal_change_guest on rehearsal_change (guest_id);

-- What the gate would say: the report. `day` and `hour` are local to the message.
create table rehearsal_line (
    rehearsal_id uuid not null references rehearsal on delete cascade,
    number int not null,
    guest_id uuid not null,
    message_id uuid not null,
    at timestamptz not null,
    zone text not null,
    day date not null,
    hour int not null,
    journey text not null,
    step text not null,
    template text not null,
    occurrence text not null,
    purpose text not null,
    property text,
    state text not null,
    reason text,
    held_until timestamptz,
    channel text,
    language text not null,
    parts int not null,
    primary key (rehearsal_id, number)
);
create index rehearsal_line_guest on rehearsal_line (guest_id);
