-- How many rooms a hotel lets, where it said so: warnings then speak of occupancy. What is on the books (occupancy, nights,
-- arrivals) is one warning, with what else lies outside beside it; and a warning may be about a part of a hotel or house.
alter table property add column rooms int;
alter table property add constraint property_rooms check (rooms between 1 and 9999) not valid;
alter table warning
    add column also jsonb not null default '[]', -- signal, value, centre, border, part and whole of each
    add column about text not null default '', -- a sender and purpose, or a source; empty: the hotel itself
    add column named text not null default ''; -- what people call it
