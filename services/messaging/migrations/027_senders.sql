-- Senders that the house sets up itself, beside those of the environment: what each is asked with is sealed. A sender that
-- was deleted stays as a name, for the messages that it sent.

create table sender (
    sender_id uuid primary key,
    version bigint not null default 1, -- with every change; connections are made from one version
    channel text not null,
    kind text not null, -- how it is spoken to: smtp, twilio
    name text not null check (name <> ''),
    hotels text[] not null default '{}', -- codes of hotels it serves; none: those of the brand, or all
    legal_entity text, -- the brand it serves
    countries text[] not null default '{}', -- ISO 3166, of contact points; none: all
    from_name text not null default '', -- none: the hotel's
    from_address text not null default '',
    reply_to text not null default '',
    settings jsonb not null, -- of its kind, nothing secret
    secret_sealed text check (secret_sealed like 'sealed:%'),
    weight int not null default 1 check (weight between 1 and 100),
    rate int not null default 0 check (rate >= 0), -- messages a second at most; 0: as fast as they are taken
    warm_from date, -- the first day of a warm-up; null: there is none
    warm_first int check (warm_first > 0), -- messages on that day
    warm_percent int check (warm_percent between 1 and 400), -- more every day
    warm_until int check (warm_until > 0), -- a day from which on there is no limit
    state text not null default 'on' check (state in ('on', 'paused', 'deleted')),
    made_by text not null,
    made_at timestamptz not null,
    changed_by text not null,
    changed_at timestamptz not null,
    check (legal_entity is null or hotels = '{}'),
    check (num_nulls(warm_from, warm_first, warm_percent, warm_until) in (0, 4)),
    check (state <> 'deleted' or secret_sealed is null)
);

-- How a sender fares: written where that changes, not by every message.
create table sender_health (
    sender_id uuid primary key references sender,
    failures int not null default 0, -- since it last took a message
    resting_until timestamptz, -- others are taken before it until then
    trouble_reason text,
    trouble_detail text, -- the provider's code
    trouble_at timestamptz,
    worked_at timestamptz, -- when it last showed that it works, as it was set up in `worked_version`
    worked_version bigint
);

-- What a sender that warms up was given on a day; days as in UTC.
create table sender_day (
    sender_id uuid not null references sender,
    day date not null,
    taken int not null check (taken >= 0),
    primary key (sender_id, day)
);

-- Which sender a message was given to; null: the environment's.
alter table delivery add column sender_id uuid;
create index delivery_sender on delivery (sender_id, claimed_at) where sender_id is not null;

-- A test of a sender, by that sender, as it was set up then.
alter table template_test add column sender_id uuid, add column sender_version bigint;

-- When the house went live, and back to the sandbox. Where the environment decides, it has no effect.
create table live_period (
    since timestamptz primary key,
    by text not null,
    ended_at timestamptz check (ended_at >= since),
    ended_by text,
    check ((ended_at is null) = (ended_by is null))
);
create unique index live_period_standing on live_period ((ended_at is null)) where ended_at is null;
