-- A source may give a number once more, to another guest's stay; and it may tell a stay for another guest.

-- The first stay of the number, where this is a later one.
alter table stay add column again_of uuid;
-- Whether the row states a birth date; null: it came before this was noted.
alter table stay add column told_birth bool;
alter table stay drop constraint stay_source_property_reservation_key;
create index stay_number on stay (source, property, reservation); -- the first one's id is made of the three
create index stay_again on stay (again_of) where again_of is not null;

-- A stay that its source told for one guest and then for another: the row that told it for the first one. Where that
-- row comes once more, it is late.
create table stay_left (
    number uuid not null, -- the first stay of the number
    row_hash bytea not null,
    stay_id uuid not null,
    guest_id uuid not null,
    left_at timestamptz not null,
    primary key (number, row_hash)
);

create index stay_left_guest on stay_left (guest_id);

-- Two rows of a number are one stay's where the arrival or the name is the same.
alter table import_row add column arrival date, add column name_mark bytea;
