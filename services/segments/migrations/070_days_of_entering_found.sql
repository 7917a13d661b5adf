-- migrate: concurrently
create index concurrently if not exists guest_facts_entered_days on guest_facts using gin (entered_days jsonb_path_ops)
where entered_days is not null;
