-- What guests spent, by outlet: lines of bills, each known by its source, hotel and number.

-- A line is a guest's, or a stay's and so of whoever has the stay. The amount stands in the currency it was charged in.
create table spend (
    id uuid primary key,
    source text not null,
    property text not null,
    number text not null,
    guest_id uuid references guest,
    stay_id uuid,
    outlet text not null,
    amount numeric not null,
    currency text not null,
    day date not null,
    changed_at timestamptz not null,
    check (num_nonnulls(guest_id, stay_id) = 1)
);

create index spend_guest on spend (guest_id) where guest_id is not null;
create index spend_stay on spend (stay_id) where stay_id is not null;
