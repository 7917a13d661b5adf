-- What journeys asked of the staff and of guests' records: once an enrolment and step, however often it is planned anew.
create table deed (
    id uuid primary key,
    enrolment_id uuid not null references enrolment,
    journey text not null,
    step text not null,
    kind text not null check (kind in ('task', 'update')),
    property text, -- the hotel whose staff was asked; null: none is known, and nobody was
    asked_at timestamptz not null,
    version bigint not null default 0, -- of what feedback published last
    outcome text,
    closed_at timestamptz,
    unique (enrolment_id, step)
);

create index deed_step on deed (journey, step, property);
