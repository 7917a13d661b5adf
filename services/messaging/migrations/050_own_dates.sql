-- Guests' days of the house's own dates, as guest.changed tells them: by key a day, or --month-day of one that comes
-- again every year. Null where none is known, or none was told yet.
alter table recipient add column own_dates jsonb;
