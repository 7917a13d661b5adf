-- What the words of answers speak of, and how they feel about it.
create table answer_topics (
    answer_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    praised text[] not null,
    criticised text[] not null
);
create index answer_topics_guest on answer_topics (guest_id);
alter table guest_facts
    add column last_praised text[] not null default '{}',
    add column last_criticised text[] not null default '{}';
