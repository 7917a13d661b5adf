-- migrate: in sets
-- Partners are counted without waiting for a night.
update figure_night set next_at = cohorts_at
where next_at in (select next_at from figure_night where next_at > cohorts_at limit 1);
