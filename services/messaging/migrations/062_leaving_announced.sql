-- migrate: in sets
-- Messages of erased guests have a term from now on: what it ends is shown for a week before anything goes. By then no
-- role of the version before is left, which would not know a message by its number in `delivery_left`.
delete from retention_begun where single = any (array(select single from retention_begun limit 1));
