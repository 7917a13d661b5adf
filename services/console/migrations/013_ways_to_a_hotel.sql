-- What mails say of a hotel besides its name: each empty until somebody types it.
alter table property
    add column phone text not null default '',
    add column check_in text not null default '', -- from when rooms are ready, as 15:00
    add column map_url text not null default '',
    add column booking_url text not null default '';
