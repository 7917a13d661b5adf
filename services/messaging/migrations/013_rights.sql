-- Rights that a guest has claimed, as segments publishes them: the gate refuses what they forbid.
alter table recipient add column rights text[] not null default '{}';
