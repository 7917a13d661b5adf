-- The audit trail is kept by month, and a month whose term is over is dropped as a whole.

-- The table that there was takes all entries, as the DEFAULT, until the nightly role has made months: nothing is copied,
-- and whoever writes to `audit_entry` goes on. It is held by the trigger of the whole.
alter table audit_entry rename to audit_entry_default;
drop trigger audit_entry_stays on audit_entry_default;

create table audit_entry (
    audit_id uuid not null,
    service text not null,
    actor text not null,
    action text not null,
    subject text not null,
    details jsonb not null,
    recorded_at timestamptz not null,
    role text,
    hotels text[]
) partition by range (recorded_at);
create unique index audit_entry_once on audit_entry (audit_id, recorded_at);
create index audit_by_time on audit_entry (recorded_at desc);
create index audit_by_subject on audit_entry (subject, recorded_at desc);
create index audit_by_actor on audit_entry (actor, recorded_at desc);
create index audit_by_action on audit_entry (action, recorded_at desc);
create trigger audit_entry_stays before update or delete on audit_entry
    for each row execute function refuse_change();

-- Its indexes are the same, and are taken as they are.
alter table audit_entry attach partition audit_entry_default default;
