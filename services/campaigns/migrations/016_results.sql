-- What journeys brought: nights and revenue of what was booked after a message, and who objected after one.

alter table stay_known add column revenue numeric, add column currency text; -- as stated; null currency: the hotel's
alter table property_known add column currency text;

create table opt_out_known (
    optout_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    at timestamptz not null
);

create index opt_out_known_guest on opt_out_known (guest_id, at);
