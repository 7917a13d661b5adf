-- migrate: concurrently
-- The messages and the complaints of a day: the first index costs next to nothing where messages are written.
create index concurrently if not exists delivery_claimed on delivery using brin (claimed_at) with (pages_per_range = 32);
create index concurrently if not exists receipt_complained on receipt (reported_at) where state = 'complained';
