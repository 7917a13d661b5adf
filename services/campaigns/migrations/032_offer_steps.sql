-- Journeys give offers: by step, the one that messages after it make.
alter table enrolment add column offers jsonb not null default '{}';
