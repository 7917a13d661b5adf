-- Every day a thirtieth of it goes: vacuumed each day and not each week, it is a sixth smaller, and what goes next is
-- found in a quarter of the pages.
alter table inbox set (autovacuum_vacuum_scale_factor = 0.03);
