-- What took a while to count is shown again for an hour, with when it was counted: sums, without a person.
create table result_kept (
    journey text not null,
    by text not null,
    since timestamptz not null,
    until timestamptz not null,
    everywhere boolean not null,
    hotels text[] not null,
    counted_at timestamptz not null,
    lines jsonb not null,
    primary key (journey, by, since, until, everywhere, hotels)
);
