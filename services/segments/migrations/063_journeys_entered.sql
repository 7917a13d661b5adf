-- Which journeys a guest entered, and when last.
create table journey_entered (
    enrolment_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    journey text not null,
    entered_at timestamptz not null,
    entered_on date not null, -- the guest's own day
    stay_id uuid -- where they entered by a stay: theirs as long as the stay is
);
create index journey_entered_guest on journey_entered (guest_id);

alter table guest_facts
    add column journeys_entered text[] not null default '{}',
    add column last_entered_on date;
create index guest_facts_last_entered on guest_facts (home_zone, last_entered_on) where last_entered_on is not null;
