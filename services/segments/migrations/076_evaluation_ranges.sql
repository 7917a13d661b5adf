-- The guests of a full evaluation in ranges, which several work on at once. A range that was evaluated is gone.
create table evaluation_range (
    upto uuid primary key, -- the last guest
    after uuid not null, -- behind this one it begins
    guests uuid[] -- those that are left, because somebody worked on them; null: all
);

-- The digest of the rules over which they are laid out; null: not yet.
alter table evaluation_run add column planned text;

-- What evaluated ranges add to the sizes of segments, until it is added: whoever adds it locks sizes and no guest.
create table segment_size_change (
    id uuid not null, -- of the range's statement
    number int not null,
    members bigint not null,
    primary key (id, number)
);
