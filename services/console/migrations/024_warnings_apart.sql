-- How many rooms a hotel lets, where it said so: warnings then speak of occupancy. What is on the books (occupancy, nights,
-- arrivals) is one warning, with what else lies outside beside it; and a warning may be about a part of a hotel or house.
alter table property add column rooms int check (rooms between 1 and 9999);
alter table warning
    add column also jsonb not null default '[]', -- signal, value, centre, border, part and whole of each
    add column about text not null default '', -- a sender and purpose, or a source; empty: the hotel itself
    add column named text not null default ''; -- what people call it
update warning set ended_on = last_on
where signal = 'arrivals' and ended_on is null and exists (
    select from warning other
    where other.signal = 'nights' and other.property = warning.property and other.ended_on is null
);
create unique index warning_stands on warning (signal, property, about) where ended_on is null;
drop index warning_open; -- the role that asked for it works once a morning, and again where it could not
