-- migrate: in sets
-- Decisions have a term of their own from now on: what it ends is shown for a week before anything goes.
delete from retention_begun where single = any (array(select single from retention_begun limit 1));
