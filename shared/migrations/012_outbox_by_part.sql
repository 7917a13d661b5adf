-- migrate: concurrently
create index concurrently if not exists outbox_by_part on outbox (partitions, part, lane desc, id)
    where published_at is null;
