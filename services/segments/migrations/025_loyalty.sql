-- Points and tier of guests, as a loyalty programme's own system tells them.

-- One row for each guest it was told of; a guest who became one of several has several, and the newest `as_of` counts.
create table loyalty (
    id uuid primary key,
    guest_id uuid not null references guest,
    programme text,
    number text,
    tier text,
    points numeric,
    as_of timestamptz not null,
    told_at timestamptz not null,
    told_by text not null
);

create index loyalty_guest on loyalty (guest_id);
