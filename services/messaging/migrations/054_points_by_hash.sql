-- migrate: concurrently
-- A point is 43 letters and is looked up whole: its hash finds its few messages, in a third of the room.
create index concurrently if not exists delivery_of_point on delivery using hash (point) where claimed_at is not null;
drop index concurrently if exists delivery_point;
