-- What campaigns wants to see ahead of: a row each, kept for a while so that nothing older revives it.
create table rehearsal_wanted (
    id uuid primary key,
    version int not null,
    at timestamptz not null,
    until timestamptz not null,
    segments text[] not null,
    wanted boolean not null, -- false: answered, or nobody waits for it any more
    changed_at timestamptz not null
);
create index rehearsal_wanted_next on rehearsal_wanted (changed_at) where wanted;
