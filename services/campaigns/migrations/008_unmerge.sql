-- How far an enrolment had come when its guest was merged away, or its stay became another's: a merge may be taken back.
create table cut_short (
    enrolment_id uuid primary key references enrolment,
    step text not null,
    due_at timestamptz, -- null: it was over
    plan bigint not null,
    awaits text,
    awaits_since timestamptz,
    data jsonb not null
);
