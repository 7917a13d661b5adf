-- A small house's outbox was cleared of dead rows every few weeks, and weighed what had died until then. Few pages have
-- dead rows at any time, so that a vacuum is as short at 500 as at 5,000, however large the table. What is stored beside
-- it (the bodies) goes by the same.
alter table outbox set (autovacuum_vacuum_threshold = 500);
