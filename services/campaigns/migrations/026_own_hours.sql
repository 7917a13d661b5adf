-- At which moments guests opened a link of a message, or answered: a broadcast may go at each guest's own usual hour.
create table guest_moment (
    id uuid primary key, -- of the message, or of the answer
    guest_id uuid not null,
    at timestamptz not null
);
create index guest_moment_guest on guest_moment (guest_id, at);
-- What was there before: links alone, since who of the house entered an answer was not kept.
insert into guest_moment (id, guest_id, at)
select message.id, guest_id, clicked_at from message join enrolment on enrolment.id = enrolment_id
where clicked_at is not null;

-- A day that is sent slowly: how many have been let in.
alter table calendar_turn add column let_in int not null default 0;

-- A second person's word before a broadcast is planned, where the house wants it. Of a draft as it stood: saved again,
-- it is another one, and needs the word anew.
alter table journey_draft add column edited_by_id uuid; -- null: saved before this was noted
create table broadcast_approval (
    key text primary key references journey,
    revision int not null, -- of the draft
    asked_by text not null,
    asked_by_id uuid not null,
    asked_at timestamptz not null,
    approved_by text,
    approved_by_id uuid,
    approved_at timestamptz,
    check (approved_by_id is null or approved_by_id <> asked_by_id)
);
create table broadcast_rule (
    single boolean primary key default true check (single),
    needs_approval boolean not null,
    chosen_by text not null,
    chosen_at timestamptz not null
);
