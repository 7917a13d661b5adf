-- Journeys by the calendar: on which days festivals and holidays fall, and when each journey's next day begins where.

create table calendar_day (
    calendar text not null, -- festival:mid-autumn, holiday:PT, own
    day date not null,
    name text not null,
    primary key (calendar, day, name)
);

-- Years that are entered, so that they are worked out once.
create table calendar_year (
    calendar text not null,
    year int not null,
    primary key (calendar, year)
);

-- Where guests live, so that a day begins there too.
create table guest_zone (zone text primary key);
insert into guest_zone values ('UTC') on conflict do nothing; -- of whom nothing is known
insert into guest_zone select distinct zone from guest_known where zone is not null on conflict do nothing;

create table calendar_turn (
    journey text not null references journey,
    zone text not null,
    everybody boolean not null, -- the zone is a hotel's, by whose hour all guests enter
    day date, -- the day itself; null: none is known
    at timestamptz, -- when it comes to the hour there
    after uuid, -- how far the guests have been let in
    primary key (journey, zone),
    check ((day is null) = (at is null))
);

create index calendar_turn_due on calendar_turn (at) where at is not null;
create index audience_member_inside on audience_member (segment, guest_id) where inside;
