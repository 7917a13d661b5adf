-- A device at the desk at which guests look through their own data. It works for as long as its row says, and holds one
-- guest at a time.
create table kiosk (
    id uuid primary key,
    property text not null,
    secret_hash text not null,  -- of the device's cookie
    pin_sealed text not null,
    wrong_pins int not null default 0,
    wrong_names int not null default 0,
    paused_until timestamptz,
    person_id uuid not null,
    started_by text not null,
    session_id uuid not null,
    started_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    turn uuid,
    guest_id uuid,
    seen_at timestamptz
);
create index kiosk_running on kiosk (property) where ended_at is null;
create index kiosk_guest on kiosk (guest_id) where guest_id is not null;
