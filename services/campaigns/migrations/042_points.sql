-- The guest's points, so that more of them are noticed: null where none are known.
alter table guest_known add column points bigint;
