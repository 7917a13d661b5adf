-- migrate: concurrently
create index concurrently if not exists guest_date_lunar on guest_date (date_key, lunar_md) where lunar_md is not null;
