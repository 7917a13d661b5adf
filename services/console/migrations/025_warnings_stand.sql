-- migrate: concurrently
-- A hotel has one warning of a kind and part. The role of the version before asks for the index that goes: it works once a
-- morning, and again where it could not.
alter table property validate constraint property_rooms;
create unique index concurrently if not exists warning_stands on warning (signal, property, about) where ended_on is null;
drop index concurrently if exists warning_open;
