-- What people and programs write about a guest.

create table guest_note (
    id uuid primary key,
    guest_id uuid not null references guest,
    text_sealed text not null,
    by_whom text not null,
    at timestamptz not null
);

create index guest_note_guest on guest_note (guest_id, at);

-- Whoever reads what changed since: by pages of numbers, so the instant alone decides.
create index guest_changed on guest (changed_at);
create index stay_changed on stay (changed_at);
