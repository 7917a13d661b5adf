-- How many may enter a journey a day and in all; and the share of guests that no offer of any journey reaches.
create table journey_entries (
    journey text not null references journey,
    day date not null, -- of the instant they entered, in UTC
    entered int not null default 0,
    turned_away int not null default 0, -- who would have entered, had there been room
    primary key (journey, day)
);

create table house_holdout (
    single boolean primary key default true check (single), -- one row at most
    share int not null check (share between 0 and 50),
    changed_at timestamptz not null,
    changed_by text not null
);
