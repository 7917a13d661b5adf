-- By which accounts at a provider guests write to us, beside the environment's, and what each signs with, sealed.
create table receiver (
    sender_id uuid primary key,
    version bigint not null,
    account text not null,
    token_sealed text not null check (token_sealed like 'sealed:%'),
    ends_at timestamptz -- its sender was deleted: until then it is believed
);
create index receiver_account on receiver (account);
