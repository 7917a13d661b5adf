-- By journey the day on which a guest entered it last. Null where they entered none, or none was told yet.
alter table guest_facts add column entered_days jsonb;
