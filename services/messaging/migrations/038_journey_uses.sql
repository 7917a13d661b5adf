-- Which templates a journey sends, and the segment by which its guests enter: who reads a template is counted by it.
create table journey_use (
    journey text primary key,
    version int not null, -- of its document
    launched_at timestamptz, -- null: only its end is known yet
    ended_at timestamptz,
    entry text not null default '', -- empty: guests enter by something else
    templates text[] not null default '{}'
);
