-- What hotels' own systems have told of, by hotel: the names that the editor of journeys offers.
create table event_seen (
    name text not null,
    property text not null,
    primary key (name, property)
);
