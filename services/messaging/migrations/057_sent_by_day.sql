-- migrate: concurrently
-- In the order of «Sent», as decisions are by their own index.
create index concurrently if not exists delivery_sent on delivery (claimed_at) where says_sent;
