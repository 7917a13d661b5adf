-- In a rehearsal guests who have booked come and leave on their days, unless it is wanted as things stand.
alter table rehearsal add column as_booked boolean not null default false;
alter table rehearsal_change add column stay jsonb not null default '{}'; -- of a stay that turns, its event
