-- migrate: concurrently
-- The amounts that no rate is known for are few or none: the page of money read every converted stay to find them.
create index concurrently if not exists stay_uncounted on stay (property, currency)
    where is_converted and revenue is not null and (amount is null or reported is null);
