-- What texts may say besides names and days. Known of whom something new is heard, or once guests, stays and properties
-- are published again (guestloop republish).
alter table recipient add column tier text, add column loyalty_points bigint;
alter table stay_known
    add column room_type text not null default '',
    add column guests int not null default 0;
alter table property_known
    add column phone text not null default '',
    add column check_in text not null default '',
    add column map_url text not null default '',
    add column booking_url text not null default '';
