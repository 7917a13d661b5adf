-- migrate: concurrently
-- Every row that is there was whole by the check before.
alter table delivery validate constraint as_whole_as_it_is_asked;
