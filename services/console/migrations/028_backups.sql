-- Of which instant the newest verified backup is, as whoever took it tells: Home and Delivery say how old it is.
create table newest_backup (
    one boolean primary key default true check (one),
    at timestamptz not null,
    verified_at timestamptz not null
);
