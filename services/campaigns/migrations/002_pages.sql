-- What the pages need: drafts, journeys that were ended, and letting in those who were inside before the launch.

alter table journey drop constraint journey_state_check;
alter table journey add constraint journey_state_check
    check (state in ('draft', 'live', 'paused', 'taken_back', 'ended'));

-- What somebody is working at; it may be unfinished or wrong. `revision` goes up by one with each change.
create table journey_draft (
    journey text primary key references journey,
    document jsonb not null,
    revision int not null check (revision > 0),
    changed_at timestamptz not null,
    changed_by text not null
);

-- A launch that lets in those already inside, so many a day.
create table letting_in (
    journey text primary key references journey,
    a_day int not null check (a_day > 0),
    launched_at timestamptz not null,
    next_at timestamptz not null
);

-- Those already inside at the launch who have not been let in yet.
create table waiting_member (
    journey text not null references journey,
    guest_id uuid not null,
    version bigint not null, -- of the guest in the audience
    zone text not null,
    because jsonb not null,
    place text not null, -- the order in which they are let in: a hash, so that nobody is preferred
    primary key (journey, guest_id)
);

create index waiting_member_in_order on waiting_member (journey, place);

create index enrolment_entered on enrolment (journey, entered_at);
create index enrolment_standing on enrolment (journey, step, due_at, id) where state in ('waiting', 'paused');

-- A goal that somebody reached who was kept out of the journey's messages: what the journey is compared with.
alter table goal add column held_out boolean not null default false;
