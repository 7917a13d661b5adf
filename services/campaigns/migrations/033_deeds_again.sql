-- What is asked of others can be asked again word for word: as of when it was due, by which version of the journey. Of
-- what was asked before this nobody knows either.
alter table deed add column due_at timestamptz, add column journey_version int;
