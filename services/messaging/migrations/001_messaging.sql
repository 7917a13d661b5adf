-- What messaging knows of guests, stays and properties (read models, the greater version wins), what guests allow,
-- and every delivery with each decision of the gate.

create table recipient (
    guest_id uuid primary key,
    version bigint not null,  -- 0: asked for before guest.changed was heard
    title text,
    given_name text not null default '',
    family_name text not null default '',
    birth_date date,
    language text not null default 'en',
    country text,
    home_zone text not null default 'UTC',
    home_property text,
    do_not_contact text,
    gone text check (gone in ('merged', 'erased'))  -- a tombstone: nothing older or newer revives it
);

create table recipient_point (
    guest_id uuid not null references recipient,
    rank int not null,  -- the best of a channel first
    channel text not null,
    point text not null,
    address_sealed text not null,
    kind text not null check (kind in ('personal', 'masked', 'agency', 'bad')),
    stay_id uuid,
    primary key (guest_id, rank)
);
create index recipient_point_point on recipient_point (point);

create table stay_known (
    stay_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    property text not null,
    zone text not null,
    reservation text not null,
    status text not null,
    arrival date not null,
    departure date not null,
    checked_in_at timestamptz,
    checked_out_at timestamptz,
    muted boolean not null
);
create index stay_known_guest on stay_known (guest_id);

create table property_known (
    code text primary key,
    version bigint not null,
    name text not null,
    zone text not null,
    country text not null,
    legal_entity text not null,
    postal_address text not null,
    contact text not null,
    told_of_survey boolean not null
);

-- The last that was heard of a property's guests and stays: what rests on an absence is refused where this is old.
create table property_heard (
    code text primary key,
    heard_at timestamptz not null
);

create table case_known (
    case_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    kind text not null,
    open boolean not null,
    opened_at timestamptz not null
);
create index case_known_open on case_known (guest_id) where open;

-- Every statement about consent, in the order it was written down; never changed.
create table consent_ledger (
    id bigint generated always as identity primary key,
    guest_id uuid not null,
    channel text not null,
    purpose text not null,
    state text not null,
    source text not null,
    source_ref text not null,
    said_at timestamptz not null,
    expires_on date,
    recorded_at timestamptz not null
);
create index consent_ledger_guest on consent_ledger (guest_id);

-- What the ledger comes to.
create table consent (
    guest_id uuid not null,
    channel text not null,
    purpose text not null,
    version bigint not null,
    state text not null check (state in ('express', 'existing_customer', 'unknown', 'never_asked', 'refused', 'withdrawn')),
    source text not null,
    source_ref text not null,
    said_at timestamptz not null,
    expires_on date,
    primary key (guest_id, channel, purpose)
);

-- An objection belongs to the contact point, for every guest on it.
create table suppression (
    channel text not null,
    point text not null,
    purpose text not null check (purpose in ('all', 'marketing', 'feedback')),
    source text not null,
    since timestamptz not null,
    primary key (channel, point, purpose)
);

-- What a sender may do, by country of the contact point; what no row allows is not sent. The narrowest row decides.
create table sender_country (
    channel text not null,
    country text not null,  -- ISO 3166 alpha-2, or * for every other
    purpose text not null,  -- or * for every other
    allowed boolean not null,
    source text not null,
    primary key (channel, country, purpose)
);
insert into sender_country (channel, country, purpose, allowed, source) values
    ('email', '*', '*', true, 'e-mail has no border'),
    ('sms', '*', '*', true, 'Twilio, default geographic permissions'),
    ('sms', 'CN', '*', false, 'needs a registered signature and templates'),
    ('sms', 'US', 'marketing', false, 'off until the operator confirms the registration'),
    ('sms', 'CA', 'marketing', false, 'off until the operator confirms the registration');

create table holiday_year (
    country text not null,
    year int not null,
    primary key (country, year)
);
create table holiday (
    country text not null,
    day date not null,
    name text not null,
    primary key (country, day)
);

-- A running sender. It holds a session lock on its number for as long as it lives.
create table claimer (
    id bigint generated always as identity primary key,
    started_at timestamptz not null
);

create table delivery (
    message_id uuid primary key,
    guest_id uuid not null,
    request_version bigint not null,
    version bigint not null default 0,  -- of what message.* events say
    state text not null check (state in
        ('queued', 'held', 'claimed', 'sent', 'delivered', 'failed', 'skipped', 'expired', 'withdrawn', 'unknown')),
    journey text,
    journey_version int,
    step text,
    occurrence text,
    channels text[],
    purpose text,
    lane text,
    priority int,
    template text,
    property text,
    stay_id uuid,
    zone text,
    due_at timestamptz,
    local_time text,
    useful_until timestamptz,
    wants text[],
    holdout int,
    "values" jsonb,
    requested_at timestamptz,
    next_at timestamptz,  -- when the gate looks at it: planned, held until, or tried again
    held_until timestamptz,
    reason text,
    channel text,
    point text,
    address_sealed text,
    language text,
    template_version int,
    claim_token uuid,
    claimer bigint,
    claimed_at timestamptz,
    lease_until timestamptz,
    attempts int not null default 0,
    provider_ref text,
    provider_detail text,
    changed_at timestamptz not null,
    -- A withdrawal that came before its request leaves a bare tombstone; every other row is whole.
    constraint whole check (state = 'withdrawn' or (
        num_nulls(journey, journey_version, step, occurrence, channels, purpose, lane, priority, template, zone,
                  due_at, useful_until, wants, holdout, "values", requested_at) = 0)),
    constraint planned check (state not in ('queued', 'held') or next_at is not null),
    constraint claimed check (state <> 'claimed' or num_nulls(claim_token, claimer, claimed_at, lease_until, channel,
        point, address_sealed, language) = 0)
);
create index delivery_next on delivery (next_at) where state in ('queued', 'held');
create index delivery_lease on delivery (lease_until) where state = 'claimed';
create index delivery_guest on delivery (guest_id);
create index delivery_point on delivery (point, claimed_at) where claimed_at is not null;

-- One row a decision of the gate, in the order they were made; never changed but to forget an erased guest's address.
create table decision (
    seq bigint generated always as identity primary key,
    message_id uuid not null references delivery,
    at timestamptz not null,
    state text not null,
    reason text,
    channel text,
    address_sealed text,
    language text not null,
    held_until timestamptz
);
create index decision_message on decision (message_id);
create index decision_at on decision (at);

-- Marketing contacts, by guest and by contact point, written in the claim and taken back on a definite failure.
create table counted_contact (
    kind text not null check (kind in ('guest', 'point')),
    key text not null,
    at timestamptz not null,
    message_id uuid not null references delivery,
    primary key (kind, key, at, message_id)
);
create index counted_contact_message on counted_contact (message_id);
