-- Segments that were made for journeys, by the journey that needs them: they go when none does.
create table journey_needs (
    journey text primary key,
    at timestamptz not null, -- of the newest word about the journey
    segments text[] not null
);
