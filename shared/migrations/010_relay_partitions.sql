-- Which partition the subjects of a message are of, and of how many; 1 and 0: of any.
-- The planner takes them for 64 whatever it has seen: while only one of them has messages waiting it would else walk
-- past all of these in another index, at each poll of a relay that has the others.
alter table outbox
    add column partitions smallint default 1,
    add column part smallint default 0,
    alter column part set (n_distinct = 64);

-- By how many the relays go, where they are more than one; the one row is changed by who holds their lock alone.
create table relay_partitions (
    is_only bool primary key default true check (is_only),
    partitions smallint not null check (partitions > 1),
    agreed_at timestamptz not null
);
