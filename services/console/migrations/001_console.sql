-- What console owns: properties and the audit trail. What it has heard: messages by day and state, journeys, erasures.

create table property (
    code text primary key,
    version bigint not null,
    name text not null,
    zone text not null,
    country char(2) not null,
    legal_entity text not null,
    postal_address text not null,
    contact text not null,
    told_of_survey boolean not null,
    survey_threshold int not null check (survey_threshold between 0 and 10),
    changed_at timestamptz not null
);

create table audit_entry (
    audit_id uuid primary key,
    service text not null,
    actor text not null,
    action text not null,
    subject text not null,
    details jsonb not null,
    recorded_at timestamptz not null
);
create index audit_entry_time on audit_entry (recorded_at desc);
create index audit_entry_subject on audit_entry (subject, recorded_at desc);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is not changed';
end $$;
create trigger audit_entry_stays before update or delete on audit_entry
    for each row execute function refuse_change();

create table guest_forgotten (
    guest_id uuid not null,
    service text not null,
    version bigint not null,
    forgotten_at timestamptz not null,
    primary key (guest_id, service)
);

-- One row a message with its present state: counts are made of it, so that nothing is counted twice.
create table message_seen (
    message_id uuid primary key,
    version bigint not null,
    journey text not null,
    purpose text not null,
    property text,
    state text not null,
    reason text,
    day date not null -- UTC
);
create index message_seen_day on message_seen (day, journey, state);

create table journey_launched (
    journey text not null,
    version bigint not null,
    launched_at timestamptz not null,
    launched_by text not null,
    primary key (journey, version)
);
