-- Sessions of people as rows that end, and the devices on which somebody has signed in before.

create table session (
    session_id uuid primary key,
    person_id uuid not null,
    begun_at timestamptz not null,
    seen_at timestamptz not null, -- to some minutes
    signed_in_by text not null,
    device text not null, -- browser and system in words; empty: unknown
    network text not null, -- the network address without its last part
    device_id uuid, -- the device as a known one
    ends_at timestamptz not null,
    ended_at timestamptz
);
create index session_person on session (person_id, ends_at);
create index session_ends on session (ends_at);

create table known_device (
    device_id uuid not null,
    person_id uuid not null,
    seen_at timestamptz not null,
    primary key (device_id, person_id)
);
create index known_device_person on known_device (person_id, seen_at);
create index known_device_seen on known_device (seen_at);

-- Attempts are counted by account and network address together, by known device, and for codes as for passwords.
alter table sign_in_attempt drop constraint sign_in_attempt_kind_check;
alter table sign_in_attempt add constraint sign_in_attempt_kind_check
    check (kind in ('account', 'address', 'pair', 'device'));
create index sign_in_attempt_last on sign_in_attempt (last_at);

-- The second factor: an authenticator app with its recovery codes, and passkeys.
create table authenticator (
    person_id uuid primary key,
    secret text not null check (secret like 'sealed:%'),
    confirmed_at timestamptz, -- null: shown, not yet proven by a code
    last_step bigint not null default 0, -- of the newest code that was taken: each counts once
    made_at timestamptz not null
);
create table recovery_code (
    person_id uuid not null,
    code_hash char(64) not null, -- SHA-256 of a long random code
    used_at timestamptz,
    primary key (person_id, code_hash)
);
create table passkey (
    credential_id bytea primary key,
    person_id uuid not null,
    public_key bytea not null,
    sign_count bigint not null,
    name text not null check (name <> ''),
    made_at timestamptz not null,
    used_at timestamptz
);
create index passkey_person on passkey (person_id, made_at);
create table passkey_challenge (
    challenge_id uuid primary key,
    challenge bytea not null,
    person_id uuid, -- null: somebody who is about to sign in
    expires_at timestamptz not null
);
create index passkey_challenge_expires on passkey_challenge (expires_at);

-- What the house asks of its team: one row.
create table team_rule (
    only_one boolean primary key default true check (only_one),
    second_factor_for_administrators boolean not null
);
insert into team_rule (second_factor_for_administrators) values (false);
