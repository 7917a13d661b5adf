-- What a draft was before each of its changes, so that every change can be undone; and, once undone, what it was after.

create table journey_draft_step (
    journey text not null references journey,
    number int not null,
    document jsonb not null,
    undone boolean not null default false, -- then it is the document after the change
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (journey, number)
);
