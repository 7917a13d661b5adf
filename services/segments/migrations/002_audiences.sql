-- Segments, who is in them, and what their rules read.

-- Everything known of a guest that rules ask for, without time in it: a row changes only when the guest or a stay does.
-- Muted stays count in nothing but bookings and in_house.
create table guest_facts (
    guest_id uuid primary key,
    home_zone text not null,
    title text,
    language text,
    country text,
    region text,
    home_property text,
    tier text,
    tags text[] not null,
    do_not_contact text,
    birth_date date,
    birth_md int,  -- month × 100 + day
    birth_year int,  -- null where the source only pretends to know it
    email_consent text,
    email_until date,  -- the last day on which that consent counts
    email_personal bool not null,
    sms_consent text,
    sms_until date,
    sms_personal bool not null,
    stays int not null,
    nights int not null,
    spend numeric not null,
    mean_spend numeric,  -- a stay
    bookings int not null,
    in_house int not null,
    cancellations int not null,
    no_shows int not null,
    next_arrival_on date,
    last_checkout_on date,
    last_stay_id uuid,
    last_reservation text,
    last_property text,
    last_channel text,
    last_room_type text,
    last_market_segment text,
    last_lead_days int
);

-- what the sweep walks: the guests of a zone whose value lies on a border
create index guest_facts_birthday on guest_facts (home_zone, birth_md) where birth_md is not null;
create index guest_facts_last_checkout on guest_facts (home_zone, last_checkout_on) where last_checkout_on is not null;
create index guest_facts_next_arrival on guest_facts (home_zone, next_arrival_on) where next_arrival_on is not null;
create index guest_facts_email_until on guest_facts (home_zone, email_until) where email_until is not null;
create index guest_facts_sms_until on guest_facts (home_zone, sms_until) where sms_until is not null;
create index guest_facts_mean_spend on guest_facts (last_property, mean_spend) where mean_spend is not null;
create index stay_checked_out_on on stay (checked_out_on) where checked_out_on is not null;
create index stay_ended_on on stay (ended_on) where ended_on is not null;
create index stay_standing_arrival on stay (arrival) where status = 'booked';

-- What a stay brings on average, a property; a snapshot that rules read until the next one is taken.
create table property_average (
    property text primary key,
    as_of date not null,
    mean_spend numeric not null,
    stays int not null
);

create table snapshot_plan (
    name text primary key,
    next_at timestamptz not null
);

create table segment (
    number int primary key,  -- its place in membership; never given twice
    key text not null unique,
    name text not null,
    rule jsonb not null,
    private bool not null,
    in_use bool not null default false,  -- its changes are said to others
    version int not null,  -- of the rule
    created_at timestamptz not null,
    changed_at timestamptz not null,
    evaluated_at timestamptz,  -- null until its rule has once been evaluated for everybody: till then changes are initial
    retired_at timestamptz,
    check (not (in_use and retired_at is not null))
);

create table segment_size (
    number int primary key references segment,
    members bigint not null
) with (fillfactor = 50);

-- The live rules in one word: who has compiled them once knows them again by it.
create table ruleset (
    single bool primary key default true check (single),
    digest text not null
);

create table membership (
    guest_id uuid primary key,
    segments int[] not null  -- sorted
);

create index membership_segments on membership using gin (segments);

-- A guest's changes in a segment. The first one, where it was initial, is not written: a member without a line here is
-- at version 1.
create table membership_change (
    guest_id uuid not null,
    segment int not null,
    version int not null,
    at timestamptz not null,
    entered bool not null,
    initial bool not null,
    because jsonb not null,
    primary key (guest_id, segment, version)
);

-- How far the full evaluation has come, while one runs.
create table evaluation_run (
    single bool primary key default true check (single),
    digest text not null,
    after uuid,
    initial bool not null,
    started_at timestamptz not null
);

-- The last local day whose turn was swept in a zone, and the instant of the next turn worth a visit.
create table zone_sweep (
    zone text primary key,
    swept_to date not null,
    next_at timestamptz not null
);

create index zone_sweep_next on zone_sweep (next_at);
