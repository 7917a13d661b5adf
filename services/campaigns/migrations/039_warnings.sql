-- Journeys that begin with a warning: which came to them, what became of each, and how far its guests have been let in.
create table warning_turn (
    journey text not null references journey,
    warning_id uuid not null,
    signal text not null,
    property text not null,
    raised_at timestamptz not null,
    state text not null check (state in ('due', 'done', 'late', 'stopped')),
    after uuid, -- how far the guests have been let in
    let_in int not null default 0,
    primary key (journey, warning_id)
);
create index warning_turn_due on warning_turn (raised_at, journey, warning_id) where state = 'due';
