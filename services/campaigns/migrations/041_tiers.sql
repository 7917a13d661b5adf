-- The guest's tier, so that another one is noticed: empty where there is none, null where none was told yet.
alter table guest_known add column tier text;
