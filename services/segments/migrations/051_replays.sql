-- A rehearsal may play days that have passed.
alter table rehearsal_wanted add column is_replay boolean not null default false;
