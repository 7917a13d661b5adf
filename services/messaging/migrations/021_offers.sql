-- Offers, their codes, who was given which, and where each was used.

-- `document`: name and terms by language, worth, brand (services/messaging/rules/offers). Once live it changes no more.
create table offer (
    key text primary key,
    version bigint not null,
    state text not null check (state in ('draft', 'live', 'stopped')),
    kind text not null check (kind in ('word', 'unique', 'referral')),
    document jsonb not null,
    changed_by text not null,
    changed_at timestamptz not null,
    live_at timestamptz,
    stopped_at timestamptz
);

-- A code means one offer, in the whole installation. `code`: as it is compared; `shown`: as a guest reads it. One that
-- was taken is never free again, whatever became of its guest.
create table offer_code (
    code text primary key,
    shown text not null,
    offer text not null references offer,
    seq bigint generated always as identity,
    taken boolean not null default false
);
create index offer_code_free on offer_code (offer, seq) where not taken;

-- One code a guest and offer. `message_id`: the first that carried it.
create table offer_taken (
    offer text not null references offer,
    guest_id uuid not null,
    code text not null,
    property text,
    message_id uuid not null,
    taken_at timestamptz not null,
    primary key (offer, guest_id)
);
create index offer_taken_guest on offer_taken (guest_id);
create index offer_taken_code on offer_taken (code);
create index offer_taken_at on offer_taken (offer, taken_at);

-- `use_number`: of its code, from 1. `guest_id`: whose stay or code it was; of a referral, who brought the friend.
create table offer_redemption (
    redemption_id uuid primary key,
    offer text not null references offer,
    code text not null,
    use_number int not null,
    guest_id uuid,
    stay_id uuid,
    property text not null,
    redeemed_on date not null,
    amount numeric(14, 3),
    currency text check (currency ~ '^[A-Z]{3}$'),
    source text not null check (source in ('desk', 'file', 'api')),
    recorded_by text not null,
    recorded_at timestamptz not null,
    unique (code, use_number)
);
create index offer_redemption_of on offer_redemption (offer, recorded_at desc, redemption_id);
create index offer_redemption_guest on offer_redemption (guest_id) where guest_id is not null;

-- Codes that are being made, or read from a file, in sets: `done` lines or codes of `wanted`. `content`: the file, until
-- it is read to its end.
create table offer_batch (
    batch_id uuid primary key,
    offer text not null references offer,
    source text not null check (source in ('made', 'file')),
    wanted bigint not null check (wanted > 0),
    done bigint not null default 0,
    added bigint not null default 0,
    content bytea,
    file_name text,
    position bigint not null default 0,
    ordered_by text not null,
    ordered_at timestamptz not null,
    ended_at timestamptz
);
create index offer_batch_open on offer_batch (ordered_at) where ended_at is null;

-- Whose stay it was, by the number that a line of uses names.
create index stay_known_reservation on stay_known (reservation, property);
-- A piece of the file is read without the whole.
alter table offer_batch alter column content set storage external;
