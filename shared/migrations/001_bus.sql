-- The bus's tables, the same in each service's database.

-- Rows come and go quickly in the first and the third: they are vacuumed by the number of dead rows, however large.

-- What this service says. Pending until a broker (or the hearers' mailboxes) confirmed it; kept 7 days after that.
create table outbox (
    id bigint generated always as identity primary key,
    message_id uuid not null unique,
    type text not null,
    lane text not null check (lane in ('stay', 'marketing')),
    headers jsonb not null,
    body bytea not null,
    subjects int not null check (subjects > 0),
    created_at timestamptz not null,
    available_at timestamptz not null, -- not before: moves on with each nack or return
    published_at timestamptz,
    attempts int not null default 0,
    last_error text
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Written in every transaction that says something, read once: compressing it costs more than it saves.
alter table outbox alter column body set storage external;

-- «stay» sorts behind «marketing»: descending puts its lane first.
create index outbox_pending on outbox (lane desc, id) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;

-- What this service has heard, by concern: a message takes effect once. Kept 30 days.
create table inbox (
    concern text not null,
    message_id uuid not null,
    received_at timestamptz not null,
    primary key (concern, message_id)
);

create index inbox_received on inbox (received_at);

-- Where the bus needs no broker: messages for this service, waiting as in a queue. Claimed and deleted with their effect.
create table mailbox (
    id bigint generated always as identity primary key,
    queue text not null,
    concern text not null,
    message_id uuid not null,
    type text not null,
    lane text not null check (lane in ('stay', 'marketing')),
    headers jsonb not null,
    body bytea not null,
    available_at timestamptz not null,
    attempts int not null default 0, -- how often it was put off because the database was in trouble
    unique (queue, message_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- A message lives here for moments: compressing it costs more than it saves.
alter table mailbox alter column body set storage external;

create index mailbox_waiting on mailbox (lane desc, id);

-- What could not be applied: one subject, or (place -1) a whole message that could not be read.
create table dead_letter (
    id bigint generated always as identity primary key,
    concern text not null,
    message_id uuid not null,
    place int not null,
    type text not null,
    subject_key text not null,
    subject text, -- JSON as text: jsonb refuses some of what a poisoned subject may hold
    body bytea,
    republished boolean not null,
    reason text not null,
    attempts int not null check (attempts > 0),
    at timestamptz not null,
    unique (concern, message_id, place),
    check (subject is not null or body is not null)
);

create index dead_letter_key on dead_letter (subject_key);
