-- The guests whom the turn of a day may move, where they are too many for one transaction: several work on them at
-- once. A part that was evaluated is gone.
create table sweep_part (
    zone text not null,
    day date not null, -- as of whose midnight they are evaluated
    fact text not null, -- what turns for them
    number int not null,
    guests uuid[] not null,
    is_left boolean not null default false, -- somebody worked on these guests when the part was evaluated
    planned_at timestamptz not null,
    primary key (zone, day, fact, number)
);
