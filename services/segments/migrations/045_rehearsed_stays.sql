-- In a rehearsal guests who have booked come and leave on their days, unless it is wanted as things stand.
alter table rehearsal_wanted add column as_booked boolean not null default false;
