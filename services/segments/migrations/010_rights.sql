-- Rights that a guest has claimed: objections (GDPR 21) and the restriction of use (GDPR 18).

-- Those that stand; of a guest with one, nobody's audience.
alter table guest add column rights text[] not null default '{}';
alter table guest_facts add column in_no_audience bool not null default false;

-- When, where and in which words each was claimed, by whom it was written down, and how it ended.
create table guest_right (
    id bigint generated always as identity primary key,
    guest_id uuid not null references guest,
    claimed text not null,
    said_on date not null,
    how text not null,
    words_sealed text,
    noted_at timestamptz not null,
    noted_by text not null,
    lifted_at timestamptz,
    lifted_by text
);

create index guest_right_guest on guest_right (guest_id, id);
create unique index guest_right_standing on guest_right (guest_id, claimed) where lifted_at is null;
