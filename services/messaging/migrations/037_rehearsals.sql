-- Rehearsals that the gate is asked about, and what journeys would ask for in them.
create table rehearsal_wanted (
    id uuid primary key,
    version int not null default 0, -- 0: only its messages came yet
    at timestamptz,
    until timestamptz,
    wanted boolean not null default true, -- false: answered, or nobody waits for it any more
    messages_of int, -- null: not known yet
    messages_here int not null default 0, -- the end counted too
    changed_at timestamptz not null
);

create table rehearsed_message (
    rehearsal_id uuid not null references rehearsal_wanted on delete cascade,
    number int not null,
    guest_id uuid not null,
    message_id uuid not null,
    at timestamptz not null,
    reason text,
    request jsonb not null, -- empty: it is taken back
    primary key (rehearsal_id, number)
);
create index rehearsed_message_guest on rehearsed_message (guest_id);
