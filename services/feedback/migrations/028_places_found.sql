-- migrate: concurrently
-- In which order messages were heard is asked by whoever answers in a demo: rows lie in that order, and a range of them says where.
create index concurrently if not exists message_known_heard on message_known using brin (seq) with (pages_per_range = 8);
