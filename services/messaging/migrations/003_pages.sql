-- What people do about messages by hand: stops, drafts, proofs of consent, wishes; and the words of what really left.

-- Nothing goes that a standing stop covers: it waits. Lifted ones stay as they were, for whoever asks what happened.
create table stop (
    stop_id uuid primary key,
    kind text not null check (kind in ('all', 'property', 'channel', 'country')),
    key text not null,  -- «» for all
    reason text not null,
    by text not null,
    at timestamptz not null,
    lifted_by text,
    lifted_at timestamptz
);
create unique index stop_standing on stop (kind, key) where lifted_at is null;

-- The words of a message handed to a provider, sealed as a whole; kept for thirteen months.
create table kept_text (
    message_id uuid primary key,
    text_sealed text not null,
    sent_at timestamptz not null
);
create index kept_text_sent on kept_text (sent_at);

-- When, where, in which words and by whom a consent was written down, sealed: it may quote the guest.
alter table consent_ledger add column proof_sealed text;

-- The language a guest asked for on her own page; it goes before what a booking made of it.
create table guest_wish (
    guest_id uuid primary key,
    language text not null,
    said_at timestamptz not null
);

create table template_draft (
    key text primary key,
    document jsonb not null,
    base int not null,  -- the version it began from; 0: none yet
    version int not null default 1,  -- +1 each time it is saved
    edited_by text not null,
    edited_at timestamptz not null
);

create index delivery_unknown on delivery (changed_at, message_id) where state = 'unknown';
