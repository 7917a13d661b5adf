-- migrate: concurrently
-- Pages ask which languages guests read, and where they are from: of a million guests they read these alone.
create index concurrently if not exists recipient_language on recipient (language, home_property)
    where gone is null and version > 0;
create index concurrently if not exists recipient_country on recipient (country) where country is not null;
