-- What people correct of a guest stands, whatever a source states later; what the source states is kept beside it.

-- Of the corrected columns, by name, the value that sources state; null: nothing is corrected.
alter table guest add column heard jsonb;

-- Added by hand: it stands before what a source states later.
alter table guest_point add column by_hand bool not null default false;

-- An address or number that is not the guest's: no import brings it back. By it the guest is still found.
create table removed_point (
    point text not null,
    guest_id uuid not null references guest,
    channel text not null check (channel in ('email', 'sms')),
    address_sealed text not null,
    removed_at timestamptz not null,
    removed_by text not null,
    primary key (point, guest_id)
);

create index removed_point_guest on removed_point (guest_id);

-- Who corrected what, from what to what; of an address or number it is sealed.
create table guest_correction (
    id bigint generated always as identity primary key,
    guest_id uuid not null references guest,
    at timestamptz not null,
    field text not null,
    was text,
    became text,
    was_sealed text,
    became_sealed text,
    taken_back bool not null default false,
    by_whom text not null,
    by_role text not null
);

create index guest_correction_guest on guest_correction (guest_id, id);
