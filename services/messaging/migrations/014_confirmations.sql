-- A consent that a guest is asked to confirm by a link counts from the moment the guest presses the button there.
alter table consent drop constraint consent_state_check;
alter table consent add constraint consent_state_check check (state in
    ('express', 'existing_customer', 'unknown', 'never_asked', 'refused', 'withdrawn', 'pending'));

-- What was said, and the messages that ask: two at most. The link of either confirms.
create table confirmation (
    id uuid primary key,
    guest_id uuid not null,
    channel text not null,
    purpose text not null,
    proof_sealed text not null,
    said_at timestamptz not null,
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    message_id uuid not null unique,
    second_message_id uuid unique,
    confirmed_at timestamptz
);

create index confirmation_guest on confirmation (guest_id);
