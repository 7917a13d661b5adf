-- What a key lets its program do, until when, and how often it was used.

alter table person_known add column grants text[] not null default '{}';
alter table person_known add column expires_at timestamptz;
update person_known set grants = '{imports:write}' where role = 'program';

-- Requests of a key within the minute that is counted now; `told_at`: when its use was published last.
create table key_use (
    key_id uuid primary key,
    minute timestamptz not null,
    requests int not null check (requests > 0),
    used_at timestamptz not null,
    told_at timestamptz
) with (fillfactor = 50);

-- Requests of programs that carry an Idempotency-Key: what was asked, hashed, and the number of what it made.
create table api_request (
    caller uuid not null,
    key text not null,
    digest bytea not null,
    at timestamptz not null,
    made text,
    primary key (caller, key)
);
