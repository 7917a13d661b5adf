-- Where guests of a hotel may tell others: shown to everybody who has answered, whatever they answered.
create table review_link (
    property text not null,
    place int not null check (place between 0 and 3),
    name text not null,
    url text not null check (url like 'https://%'),
    primary key (property, place)
);
