-- Who may sign in, which programs hold a key, and how often somebody tried in vain. When a message left the house.

create table account (
    person_id uuid primary key,
    version bigint not null,
    email text not null check (email like 'sealed:%'),
    email_index char(64) not null unique,
    name text not null check (name <> ''),
    role text, -- null: access has ended
    properties text[] not null, -- empty: all
    language text,
    password_hash text not null,
    one_time_until timestamptz, -- set: the password is one-time, and good until then
    sessions_ended int not null default 0,
    changed_at timestamptz not null,
    signed_in_at timestamptz,
    check (role is distinct from 'administrator' or properties = '{}')
);

create table api_key (
    key_id uuid primary key,
    version bigint not null,
    name text not null check (name <> ''),
    secret_hash char(64) not null,
    properties text[] not null, -- empty: all
    made_by text not null,
    made_at timestamptz not null,
    ended_at timestamptz
);

-- Attempts to sign in since the last one that succeeded, by the blind index of an e-mail address or a network address.
create table sign_in_attempt (
    kind text not null check (kind in ('account', 'address')),
    key char(64) not null,
    attempts int not null check (attempts >= 0),
    last_at timestamptz not null,
    primary key (kind, key)
);

-- The first instant at which it is known to have left: `day` moves with the state, this does not.
alter table message_seen add column sent_at timestamptz;
create index message_seen_sent on message_seen (sent_at) where sent_at is not null;
