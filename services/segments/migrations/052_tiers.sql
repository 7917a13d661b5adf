-- What it takes to have which tier: of what, within which days, and how much of it; and whom that gave which.
create table tier_ladder (
    single boolean primary key default true check (single),
    measure text not null check (measure in ('nights', 'stays', 'spend', 'points')),
    window_days int check (window_days is null or window_days = 365 and measure <> 'points'), -- null: ever
    gives boolean not null, -- guests get the tier by it; else it only says how much is missing
    next_at timestamptz not null,
    chosen_by text not null,
    chosen_at timestamptz not null
);
create table tier_step (
    tier text primary key,
    needed numeric not null unique check (needed > 0),
    segment int not null references segment -- private: whoever has as much
);
create table tier_given (
    guest_id uuid primary key,
    tier text not null,
    given_at timestamptz not null
);
