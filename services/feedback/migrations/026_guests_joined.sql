-- migrate: concurrently
-- Whoever was joined into a guest is asked for on each guest's page; all guests were read for it.
create index concurrently if not exists guest_known_into on guest_known (into_guest_id) where into_guest_id is not null;
