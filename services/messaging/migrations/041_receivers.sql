-- What a deleted sender's account signs with, sealed: carriers report of a message for days after it was sent. It goes
-- after seven days.
create table ended_sender (
    sender_id uuid primary key references sender,
    account text not null,
    secret_sealed text not null check (secret_sealed like 'sealed:%'),
    ended_at timestamptz not null
);
