-- The audit trail is asked for one person's doings and for one kind of them.

create index audit_entry_actor on audit_entry (actor, recorded_at desc);
create index audit_entry_action on audit_entry (action, recorded_at desc);
