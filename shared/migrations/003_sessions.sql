-- How often all sessions of a person were ended: one begun before the last time is over in every service.

alter table person_known add column sessions_ended int not null default 0;
