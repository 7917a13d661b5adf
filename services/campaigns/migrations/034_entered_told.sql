-- Who enters a journey is told of: at once, or, where they are known before they come, as they come.
alter table enrolment add column told boolean not null default false;
