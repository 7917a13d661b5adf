-- What a merge moved, so that it can be taken apart at any time.

-- Who was merged into whom, and whether that stands.
create table guest_merge (
    id bigint generated always as identity primary key,
    guest_id uuid not null,
    into_id uuid not null,
    at timestamptz not null,
    by_whom text not null,
    undone_at timestamptz,
    undone_by text
);
create unique index guest_merge_standing on guest_merge (guest_id) where undone_at is null;
create index guest_merge_into on guest_merge (into_id);

-- Each guest of a group of merged ones as they stood alone: their rows, table by table, as they are inserted again; of
-- rows with a number of their own the numbers.
create table merged_part (
    guest_id uuid primary key,
    root_id uuid not null, -- who they all are now
    state jsonb not null,
    preference_sealed text,
    recorded_at timestamptz not null
);
create index merged_part_root on merged_part (root_id);

-- The names of those who were merged into a guest: their rows are the guest's.
alter table guest add column also_known jsonb;

-- The rows of reservations that came for such a group since: read again, they tell whose each is.
create table merged_row (
    id bigint generated always as identity primary key,
    guest_id uuid not null, -- who had the stay when the row came
    stay_id uuid not null,
    row_sealed text not null
);
create index merged_row_guest on merged_row (guest_id);

-- The desk reads pairs by their likelihood.
create index possible_duplicate_open on possible_duplicate (score desc nulls last, guest_id, other_id)
    where dismissed_at is null;

-- The nightly search of the whole base: when it is due next, how far it has come, and what the last one found.
create table duplicate_search (
    single bool primary key default true check (single),
    next_at timestamptz not null,
    phase text not null default 'keys' check (phase in ('keys', 'pairs', 'scores')),
    after uuid, -- up to this guest the keys are there, or the pairs scored
    started_at timestamptz,
    ended_at timestamptz,
    keys bigint not null default 0,
    pairs int not null default 0, -- compared
    filed int not null default 0, -- of these, worth a look
    crowded int not null default 0 -- keys of so many guests that they tell nothing: those pairs were not compared
);

-- Only while it runs: what guests who may be one have in common (hashes), and the pairs.
create unlogged table duplicate_key (
    key bigint not null,
    narrow bool not null, -- a part of the birth date is left open
    guest_id uuid not null
);
create unlogged table duplicate_pair (
    guest_id uuid not null,
    other_id uuid not null,
    same_email bool not null,
    same_phone bool not null,
    births text not null,
    primary key (guest_id, other_id)
);

-- How two birth dates stand to each other: as `rules/births.py` has it.
create function stands_for_unknown(born date) returns bool language sql immutable parallel safe
return born is null or born < date '1905-01-01' or born in (date '1970-01-01', date '1911-11-11', date '2000-01-01');

create function births(one date, other date) returns text language sql immutable parallel safe
return case
    when stands_for_unknown(one) or stands_for_unknown(other) then 'unknown'
    when one = other then 'same'
    when extract(year from one) = extract(year from other) and extract(month from one) = extract(day from other)
        and extract(day from one) = extract(month from other) then 'slip'
    when (select count(*) from generate_series(1, 8) as place
          where substr(to_char(one, 'YYYYMMDD'), place, 1) <> substr(to_char(other, 'YYYYMMDD'), place, 1)) = 1 then 'slip'
    else 'other'
end;
