-- migrate: in sets
-- Certificates of erasures have a term from now on: what it ends is shown for a week before anything goes.
delete from retention_begun where single = any (array(select single from retention_begun limit 1));
