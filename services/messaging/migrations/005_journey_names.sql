-- What journeys are called, for the pages that say which journey a message came from.
create table journey_known (
    journey text primary key,
    version int not null, -- of its document
    name text not null
);
