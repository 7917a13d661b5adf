-- Other systems that are told of events: where, of which, of which hotels, and signed by which secret.
create table webhook (
    webhook_id uuid primary key,
    version bigint not null,
    url text not null,
    types text[] not null,
    properties text[] not null, -- empty: all
    secret_sealed text not null,
    made_by text not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    failures int not null default 0, -- attempts in a row that failed
    rests_until timestamptz -- nothing is tried before
);

-- What waits for one of them, what was delivered and what is given up.
create table webhook_message (
    id bigint generated always as identity primary key,
    webhook_id uuid not null references webhook,
    event_id uuid not null,
    type text not null,
    subject text not null,
    place bigint not null, -- in the order of its subject
    guest_id uuid,
    body text not null,
    told_at timestamptz not null,
    next_at timestamptz not null,
    attempts int not null default 0,
    state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
    last_status int,
    last_trouble text,
    last_at timestamptz,
    unique (webhook_id, event_id)
);
create index webhook_message_due on webhook_message (next_at, id) where state = 'waiting';
create index webhook_message_order on webhook_message (webhook_id, subject, place, id) where state = 'waiting';
create index webhook_message_dead on webhook_message (webhook_id) where state = 'dead';
create index webhook_message_guest on webhook_message (guest_id) where guest_id is not null;
create index webhook_message_newest on webhook_message (webhook_id, id);

-- Each attempt, with what the other system answered or why it did not.
create table webhook_attempt (
    message_id bigint not null references webhook_message on delete cascade,
    at timestamptz not null,
    status int,
    trouble text,
    milliseconds int not null,
    primary key (message_id, at)
);
