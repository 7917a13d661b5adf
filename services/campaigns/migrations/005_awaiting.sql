-- Enrolments may wait for a happening: an event, or a crossing of a segment's border. Their timer is the time-out.

alter table enrolment
    add column awaits text, -- what wakes it before its timer; null: nothing
    add column awaits_since timestamptz, -- what came before does not count
    add check ((awaits is null) = (awaits_since is null)),
    add check (awaits is null or state in ('waiting', 'paused'));

create index enrolment_awaits on enrolment (awaits, guest_id) where awaits is not null;

-- What the published versions of journeys wait for.
create table journey_awaits (
    journey text not null,
    version int not null,
    what text not null,
    primary key (what, journey, version),
    foreign key (journey, version) references journey_version
);

-- Each time it happened to a guest, where a running journey waits for it: in whatever order events are handled and
-- timers run, the first one that counts is found here. Kept for as long as a step may wait.
create table awaited_happening (
    guest_id uuid not null,
    what text not null,
    at timestamptz not null,
    stay_id uuid, -- the stay it happened to, where the event names one
    unique nulls not distinct (guest_id, what, at, stay_id)
);
