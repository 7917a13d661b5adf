-- migrate: concurrently
-- The messages of erased guests, who have no occasion any more: which of them leave is found without a look at the others.
create index concurrently if not exists delivery_of_nobody on delivery (message_id) where occurrence = '';
