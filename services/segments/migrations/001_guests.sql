-- Guests and what became of their reservations. Addresses rest sealed; look-up goes by their blind index.

create table guest (
    id uuid primary key,
    version bigint not null,
    title text,
    given_name text not null,
    family_name text not null,
    birth_date date,
    language text,
    country char(2),
    region text,
    home_zone text not null,
    home_property text,
    tier text,
    tags text[] not null default '{}',
    do_not_contact text check (do_not_contact in ('deceased', 'asked', 'blocked', 'staff', 'private')),
    merged_into uuid references guest,
    erased_at timestamptz,
    -- the first row that made the guest: among several on one key, the oldest is joined
    first_said_at timestamptz not null,
    first_reservation text not null,
    -- field → [instant, reservation] of the row that decided it
    said jsonb not null default '{}',
    created_at timestamptz not null,
    changed_at timestamptz not null
);

create table stay (
    id uuid primary key,
    version bigint not null,
    source text not null,
    property text not null,
    reservation text not null,
    guest_id uuid not null references guest,
    zone text not null,
    status text not null check (status in ('booked', 'cancelled', 'no_show', 'checked_in', 'checked_out')),
    booked_on date not null,
    booked_at timestamptz not null,
    arrival date not null,
    departure date not null,
    nights int not null check (nights >= 0),
    checked_in_at timestamptz,
    checked_out_at timestamptz,
    checked_out_on date,  -- the property's local day
    ended_at timestamptz,  -- cancelled or no-show
    ended_on date,
    adults int,
    children int,
    channel text,
    market_segment text,
    room_type text,
    rate_plan text,
    rate numeric,
    revenue numeric,
    currency text,
    lead_days int not null,
    muted bool not null default false,
    row_hash bytea not null,
    changed_at timestamptz not null,
    unique (source, property, reservation),
    check (departure >= arrival),
    check ((status = 'checked_out') = (checked_out_at is not null)),
    check ((status in ('cancelled', 'no_show')) = (ended_at is not null))
);

create index stay_guest on stay (guest_id);

-- read model of property.changed
create table property_known (
    code text primary key,
    version bigint not null,
    name text not null,
    zone text not null,
    country char(2) not null,
    legal_entity text not null,
    told_of_survey bool not null
);

create table contact_point (
    point text primary key,
    channel text not null check (channel in ('email', 'sms')),
    address_sealed text not null,
    kind text not null check (kind in ('personal', 'masked', 'agency', 'bad')),
    guests int not null default 0  -- distinct guests on it
);

create table guest_point (
    guest_id uuid not null references guest,
    point text not null references contact_point,
    channel text not null,
    stay_id uuid,  -- of a masked address: the stay it serves
    said_at timestamptz not null,
    source_ref text not null,
    primary key (guest_id, point)
);

create index guest_point_point on guest_point (point);

-- full name and birth date, under which a guest is found where no address is known: a blind index
create table guest_key (
    key text not null,
    guest_id uuid not null references guest,
    primary key (key, guest_id)
);

create table consent_claim (
    guest_id uuid not null references guest,
    channel text not null check (channel in ('email', 'sms')),
    state text not null check (state in ('express', 'existing_customer', 'unknown', 'never_asked', 'refused')),
    said_at timestamptz not null,
    source_ref text not null,
    expires_on date,
    primary key (guest_id, channel)
);

create table possible_duplicate (
    guest_id uuid not null references guest,
    other_id uuid not null references guest,
    key text not null check (key in ('email', 'phone', 'name_birth')),
    row_ref text not null,
    filed_at timestamptz not null,
    primary key (guest_id, other_id),
    check (guest_id <> other_id)
);

-- one run of an import; its rows wait in import_row until their chunk is entered
create table import_run (
    id uuid primary key,
    source text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    counts jsonb not null default '{}'
);

create table import_reject (
    run_id uuid not null references import_run on delete cascade,
    line int not null,
    field text not null,
    reason text not null,
    primary key (run_id, line, field)
);

-- a row read and sealed; unlogged, because the file is still there and running again completes
create unlogged table import_row (
    run_id uuid not null,
    line int not null,
    stay_id uuid not null,
    booked_on date not null,
    reservation text not null,
    row_hash bytea not null,
    row_sealed text not null,
    primary key (run_id, line)
);

create index import_row_order on import_row (run_id, booked_on, reservation);

-- thin read models of what the other services say of guests

-- what messaging's ledger holds; it stands above what a source claims
create table consent_known (
    guest_id uuid not null,
    channel text not null,
    purpose text not null,
    version bigint not null,
    state text not null,
    changed_at timestamptz not null,
    primary key (guest_id, channel, purpose)
);

create table message_known (
    message_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    journey text not null,
    purpose text not null,
    channel text,
    state text not null,
    occurred_at timestamptz not null
);

create index message_known_guest on message_known (guest_id);

create table answer_known (
    answer_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    stay_id uuid,
    property text,
    score int not null,
    answered_at timestamptz not null
);

create index answer_known_guest on answer_known (guest_id);

create table case_known (
    case_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    property text,
    kind text not null,
    open bool not null,
    occurred_at timestamptz not null
);

create index case_known_guest on case_known (guest_id);
