-- migrate: concurrently
-- The audit trail is to be kept by month, and whatever is unique in months has their instant in it. An entry's number is
-- made of its instant among the rest, so that no two instants have one number.
create unique index concurrently if not exists audit_entry_once_before on audit_entry (audit_id, recorded_at);
