-- Mails and text messages to colleagues. Their words are never here: they are made at the moment of sending, and what
-- they are made of goes once the notice is settled.
create table notice (
    notice_id uuid primary key,
    version bigint not null,
    kind text not null,
    channel text not null check (channel in ('email', 'sms')),
    language text,
    address_sealed text check (address_sealed like 'sealed:%'),
    link_id uuid, -- by which a secret link is made
    page text, -- of the console
    details_sealed text check (details_sealed like 'sealed:%'),
    state text not null check (state in ('queued', 'claimed', 'sent', 'failed', 'unknown')),
    reason text,
    requested_at timestamptz not null,
    useful_until timestamptz not null,
    next_at timestamptz not null, -- when it is due, or its provider is asked what became of it
    attempts int not null default 0,
    claim_token uuid,
    claimed_at timestamptz,
    lease_until timestamptz,
    unclear_since timestamptz,
    provider_ref text,
    settled_at timestamptz,
    check (state in ('queued', 'claimed', 'unknown') or address_sealed is null and details_sealed is null),
    check (state <> 'claimed' or claim_token is not null and lease_until is not null)
);
create index notice_waiting on notice (next_at) where state in ('queued', 'unknown');
create index notice_claimed on notice (lease_until) where state = 'claimed';
create index notice_settled on notice (settled_at) where settled_at is not null;

-- What was last published of the channels on which notices really leave.
create table notice_channel (
    channel text primary key check (channel in ('email', 'sms')),
    version bigint not null,
    is_real boolean not null
);
