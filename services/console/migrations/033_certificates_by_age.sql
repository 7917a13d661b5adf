-- migrate: concurrently
-- A night looks for certificates that are older than the trail: few of all, or none.
create index concurrently if not exists guest_forgotten_by_age on guest_forgotten (forgotten_at);
