-- What a role could not work on and left for a person, so that its neighbours go on: an enrolment, a journey, a segment.
create table set_aside (
    id bigint generated always as identity primary key,
    role text not null,
    item text not null, -- its key in the role's own table
    what text not null, -- what people call it
    guest_id uuid,
    reason text not null,
    attempts int not null check (attempts > 0),
    at timestamptz not null,
    taken_back_by_role bool not null, -- tried again by its role, which deletes the row; else the row's end is enough
    again_at timestamptz, -- since when a person wants it tried again
    unique (role, item)
);
