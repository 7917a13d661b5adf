-- The hotels whose rows a file may bring, of whoever handed it in; empty: all.
alter table import_file add column properties text[] not null default '{}';
