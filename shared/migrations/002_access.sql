-- Who may sign in here and what they may see, and the hotels there are: read models of access.changed and
-- property.changed that every service keeps, so that each checks a signed session by itself.

create table person_known (
    person_id uuid primary key,
    version bigint not null,
    name text not null,
    role text,  -- null: no access any more
    properties text[] not null,  -- empty: all
    language text,
    secret_hash text  -- of an API key: SHA-256, hex
);

create table hotel_known (
    code text primary key,
    version bigint not null,
    name text not null,
    zone text not null,
    country text not null
);
