-- Who was merged into whom, and what each allows alone: a merge may be taken back.
alter table recipient add column into_guest_id uuid;
create index recipient_into on recipient (into_guest_id) where into_guest_id is not null;

-- Of a refusal that came by a merge, whose it is.
alter table consent add column from_guest_id uuid;

-- Consents of a guest into whom others were merged, as they are without them.
create table consent_alone (
    guest_id uuid not null,
    channel text not null,
    purpose text not null,
    state text not null,
    source text not null,
    source_ref text not null,
    said_at timestamptz not null,
    expires_on date,
    primary key (guest_id, channel, purpose)
);
