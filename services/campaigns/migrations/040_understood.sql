-- What the words of answers speak of is told in versions: the newest that came of each.
create table understood_known (
    answer_id uuid primary key,
    version bigint not null,
    guest_id uuid not null
);
create index understood_known_guest on understood_known (guest_id);
