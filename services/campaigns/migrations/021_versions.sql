-- Since when a journey is paused; and guests moved from one version to another, so that it can be undone.
alter table journey add column paused_at timestamptz;
update journey set paused_at = changed_at where state = 'paused';

create table version_move (
    id uuid primary key,
    journey text not null,
    from_version int not null,
    to_version int not null,
    mapping jsonb not null, -- by step of the one, the step of the other; null: they left
    moved int not null,
    left_it int not null,
    moved_at timestamptz not null,
    moved_by text not null,
    undone_at timestamptz,
    undone_by text,
    brought_back int,
    foreign key (journey, from_version) references journey_version,
    foreign key (journey, to_version) references journey_version
);

create index version_move_journey on version_move (journey, moved_at);

-- Where each of them stood before, and where they were put: who went on since stays.
create table version_moved (
    move_id uuid not null references version_move,
    enrolment_id uuid not null references enrolment,
    step text not null,
    due_at timestamptz not null,
    awaits text,
    awaits_since timestamptz,
    new_step text not null,
    new_due_at timestamptz not null,
    primary key (move_id, enrolment_id)
);
