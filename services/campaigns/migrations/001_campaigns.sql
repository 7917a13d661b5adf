-- Journeys, who is in them, and the little that is kept of what others say.

create table journey (
    key text primary key,
    name text not null,
    state text not null default 'draft' check (state in ('draft', 'live', 'paused', 'taken_back')),
    live_version int,
    launched_at timestamptz,
    launched_by text,
    entries_from date, -- entries count from this local day on; null: from the launch on
    changed_at timestamptz not null,
    check (state = 'draft' or (live_version is not null and launched_at is not null))
);

-- A published document never changes: who is enrolled in it finishes in it.
create table journey_version (
    journey text not null references journey,
    version int not null check (version > 0),
    document jsonb not null,
    published_at timestamptz not null,
    published_by text not null,
    primary key (journey, version)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'a published journey version is never changed; publish another';
end
$$;

create trigger journey_version_is_immutable before update or delete on journey_version
    for each row execute function refuse_change();

-- One guest in one journey for one occurrence, across versions.
-- `plan` is the version of the subject that planned it (of the guest in the audience, of the stay): the same whatever
-- the order in which events came, and greater whenever it is planned anew. It is the timer as well.
create table enrolment (
    id uuid primary key,
    journey text not null,
    version int not null,
    guest_id uuid not null,
    occurrence text not null,
    plan bigint not null check (plan > 0),
    step text not null,
    state text not null check (state in ('waiting', 'paused', 'done', 'exited')),
    reason text,
    lane text not null check (lane in ('stay', 'marketing')),
    due_at timestamptz,
    entered_at timestamptz not null,
    zone text not null,
    property text,
    stay_id uuid,
    data jsonb not null,
    changed_at timestamptz not null,
    unique (guest_id, journey, occurrence), -- the guest first: it finds her enrolments too
    foreign key (journey, version) references journey_version,
    check ((state in ('waiting', 'paused')) = (due_at is not null))
);

create index enrolment_due on enrolment (lane, due_at, id) where state = 'waiting';
create index enrolment_stay on enrolment (stay_id) where stay_id is not null;

-- What was asked of messaging, and what became of it.
create table message (
    id uuid primary key,
    enrolment_id uuid not null references enrolment,
    step text not null,
    plan bigint not null,
    due_at timestamptz not null, -- as planned
    requested_at timestamptz not null,
    withdrawn_at timestamptz,
    version bigint not null default 0, -- of what messaging said last
    state text not null default 'requested',
    reason text,
    settled_at timestamptz -- a final answer came: it is not taken back any more
);

-- One message that stands a step of an enrolment.
create unique index message_standing on message (enrolment_id, step) where withdrawn_at is null;
create index message_enrolment on message (enrolment_id);

create table goal (
    enrolment_id uuid primary key references enrolment,
    stay_id uuid not null,
    reached_at timestamptz not null
);

-- Read models.

create table audience_member (
    guest_id uuid not null,
    segment text not null,
    version bigint not null,
    inside boolean not null,
    changed_at timestamptz not null,
    primary key (guest_id, segment)
);

create table stay_known (
    stay_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    property text not null,
    reservation text not null,
    status text not null,
    booked_at timestamptz not null,
    checked_out_at timestamptz
);

-- A tombstone stays: `ended` is why this guest is in no journey any more.
create table guest_known (
    guest_id uuid primary key,
    version bigint not null,
    zone text,
    ended text check (ended in ('erased', 'merged')),
    merged_into uuid
);

-- The last time something happened to a guest: exits and branches by event ask for it, in whatever order it was heard.
create table guest_happening (
    guest_id uuid not null,
    event text not null,
    last_at timestamptz not null,
    primary key (guest_id, event)
);

create table property_known (
    code text primary key,
    version bigint not null,
    name text not null,
    zone text not null
);
