-- Journeys follow the dates of stays: guests enter so many days before an arrival, and steps wait for one.

alter table stay_known
    add column zone text, -- the hotel's; null, as the dates are: told before they were kept (they are republished)
    add column arrival date,
    add column departure date,
    add column checked_in_at timestamptz,
    add column ended_at timestamptz,
    add column room_type text not null default '',
    add column rate_plan text not null default '',
    add column channel text not null default '';

create index stay_known_arrival on stay_known (arrival, stay_id) where arrival is not null;

-- From which step on, and counted from when, the next one was planned: where a date moves that a step waits for, the
-- same is planned again. Null: by a version that knew of no such dates.
alter table enrolment add column from_step text, add column from_at timestamptz;
alter table message add column from_step text, add column from_at timestamptz;

-- Launches under way: stays booked before it whose instant lies ahead are let in, range by range.
create table stay_scan (
    journey text primary key references journey,
    after_arrival date not null,
    after_stay uuid not null,
    since timestamptz not null -- of the launch: of what was to come by then nobody is let in late
);
