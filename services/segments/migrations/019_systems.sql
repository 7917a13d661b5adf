-- Other systems whose reservations are fetched or sent here: where each is, by which credentials, how far it is read.
create table system_connection (
    connection_id uuid primary key,
    kind text not null,
    source text not null, -- under which its reservations are known, as those of a file are
    address text not null, -- empty: it sends, and is not asked
    hotels jsonb not null, -- by its own number of a hotel, ours
    credentials_sealed text, -- null: it is ended
    door_hash bytea not null, -- of what it proves itself with
    made_by text not null,
    made_at timestamptz not null,
    ended_at timestamptz,
    cursor jsonb not null default '{}', -- how far its changes are read
    caught_up_at timestamptz, -- when all of its past was read; before that nothing is news
    poll_at timestamptz, -- when it is asked for changes; null: it is never asked
    rests_until timestamptz,
    lease_until timestamptz,
    failures int not null default 0, -- in a row
    heard_at timestamptz, -- when it answered or sent something that was understood
    trouble text,
    trouble_status int,
    trouble_at timestamptz,
    left_out jsonb not null default '{}' -- by reason and hotel how many were not taken
);
create unique index system_connection_source on system_connection (source) where ended_at is null;

-- What such a system says has changed, by number alone, until it is fetched.
create table system_event (
    connection_id uuid not null references system_connection,
    entity text not null,
    told bigint not null default 1, -- how often; what is told while it is fetched is fetched once more
    told_at timestamptz not null,
    next_at timestamptz not null,
    attempts int not null default 0,
    problem text,
    given_up_at timestamptz,
    primary key (connection_id, entity)
);
create index system_event_due on system_event (connection_id, next_at) where given_up_at is null;
create index system_event_given_up on system_event (given_up_at) where given_up_at is not null;

-- As of when a reservation was stated last: what was stated before it changes nothing any more.
create table system_statement (
    stay_id uuid primary key, -- of its number
    stated_at timestamptz, -- null: nothing of it is known but that
    cancelled_at timestamptz -- it was cancelled by its number alone
);
