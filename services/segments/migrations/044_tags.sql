-- Tags: one spelling each, put on and taken off a whole segment, and kept by rules.

-- The spelling that counts of a tag, whatever its case.
create table tag_known (
    folded text primary key,
    tag text not null
);
insert into tag_known (folded, tag)
select distinct on (lower(tag)) lower(tag), tag
from (select unnest(tags) as tag from guest) as given group by tag order by lower(tag), count(*) desc, tag;

-- A tag put on, or taken off, whoever is in a segment: range by range, up to `after`.
create table tag_run (
    id uuid primary key,
    tag text not null,
    adds bool not null,
    segment int not null references segment,
    undoes uuid references tag_run,
    made_by text not null,
    made_at timestamptz not null,
    after uuid,
    changed int not null default 0,
    ended_at timestamptz
);
create index tag_run_open on tag_run (made_at, id) where ended_at is null;
create table tag_run_guest (
    run uuid not null references tag_run,
    guest_id uuid not null,
    primary key (run, guest_id)
);
create index tag_run_guest_guest on tag_run_guest (guest_id);

-- A tag that whoever is in a segment has, as long as they are in it.
create table tag_rule (
    id uuid primary key,
    tag text not null,
    kind text not null check (kind in ('attribute', 'behaviour', 'need')),
    segment int not null references segment,
    made_by text not null,
    made_at timestamptz not null,
    next_at timestamptz not null,
    ended_at timestamptz
);
create unique index tag_rule_standing on tag_rule (tag) where ended_at is null;
create table tag_rule_guest (
    rule uuid not null references tag_rule,
    guest_id uuid not null,
    owns bool not null, -- the rule put the tag on; else the guest had it already, and keeps it
    given_at timestamptz not null,
    primary key (rule, guest_id)
);
create index tag_rule_guest_guest on tag_rule_guest (guest_id);
