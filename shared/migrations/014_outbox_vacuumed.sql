-- A small house's outbox was cleared of dead rows every few weeks, and weighed what had died until then. Few pages have
-- dead rows at any time, so that a vacuum is as short at 500 as at 5,000, however large the table. Bodies lie beside it
-- in pieces of 2 KB, which die once a night: with it a seventh of them, and their place is given back by the morning.
alter table outbox set (
    autovacuum_vacuum_threshold = 500,
    toast.autovacuum_vacuum_threshold = 100,
    toast.autovacuum_vacuum_scale_factor = 0.05
);
