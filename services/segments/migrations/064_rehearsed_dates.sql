-- A rehearsal plays journeys by a recurring date before they are launched: what has to be made for them, as JSON.
alter table rehearsal_wanted add column dates jsonb not null default '[]';
