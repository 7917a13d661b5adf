-- What hotels' own systems tell that happened to guests, such as «spa.booked».

-- It is a guest's, or a stay's and so of whoever has the stay. `reference`: the program's own number, by hotel.
create table guest_event (
    id uuid primary key,
    property text not null,
    reference text not null,
    name text not null,
    guest_id uuid references guest,
    stay_id uuid,
    details jsonb not null,
    happened_at timestamptz not null,
    told_at timestamptz not null,
    told_by text not null,
    check (num_nonnulls(guest_id, stay_id) = 1)
);

create index guest_event_guest on guest_event (guest_id) where guest_id is not null;
create index guest_event_stay on guest_event (stay_id) where stay_id is not null;
