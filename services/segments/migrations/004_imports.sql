-- Files handed in for import, and the size of each segment day by day.

-- How the files of a source are read, as somebody last said.
create table import_mapping (
    source text primary key,
    mapping jsonb not null,
    saved_at timestamptz not null,
    saved_by text not null
);

-- A file handed in by a person, a program or the watched folder; a clock works off those that are queued.
create table import_file (
    id uuid primary key,
    source text not null,
    name text not null,  -- as its owner calls it
    place text not null,  -- the path where it lies until it is done
    digest text not null,  -- SHA-256
    bytes bigint not null,
    origin text not null check (origin in ('page', 'program', 'folder')),
    handed_in_by text not null,
    handed_in_at timestamptz not null,
    repeat_key text unique,  -- by which a program's repetition is known; null again once it failed
    mapping jsonb not null,
    state text not null check (state in ('draft', 'queued', 'running', 'done', 'failed')),
    waiting int not null default 0,  -- rows that are news, known once they are read
    entered int not null default 0,
    starts int not null default 0,  -- so that a file that ends its worker again and again is given up
    run_id uuid,  -- under which its rejects are kept
    counts jsonb not null default '{}',
    problems jsonb not null default '{}',
    started_at timestamptz,
    ended_at timestamptz,
    check ((state in ('done', 'failed')) = (ended_at is not null))
);

create index import_file_waiting on import_file (handed_in_at) where state in ('queued', 'running');
create index import_file_newest on import_file (handed_in_at desc, id);

-- How many were in a segment when a day ended (UTC).
create table segment_size_day (
    number int not null references segment,
    day date not null,
    members bigint not null,
    primary key (number, day)
);
