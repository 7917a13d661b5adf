-- By what a row of an erased guest is known again: keyed hashes, by legal entity, of contact points, of names with birth
-- dates and of reservations, under a key that rests outside this database. Such a row makes a stay without a guest.
create table erased_key (
    hash text not null,
    kind text not null check (kind in ('email', 'sms', 'name_birth', 'reservation')),
    guest_id uuid not null, -- the tombstone that has the stay
    erased_at timestamptz not null, -- rows that were booked later are another beginning
    primary key (hash, guest_id)
);

create index erased_key_guest on erased_key (guest_id);

-- Each event asks whether its guests are erased.
create index guest_erased on guest (id) where erased_at is not null;
