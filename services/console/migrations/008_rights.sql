-- Guests may ask who looked at their page: by role and hotels, which are kept from now on beside the name. No hotels:
-- all of them; null: not recorded, or nobody of the house.
alter table audit_entry
    add column role text,
    add column hotels text[];

-- The audit trail stays as it was written, but for what it says of a guest who is erased: details may be left out of an
-- entry, nothing may be put in. Entries go when their term is over, and only so: the statement names the instant before
-- which it drops, which lies a year at least before the newest entry.
create or replace function refuse_change() returns trigger language plpgsql as $$
declare
    dropped text := coalesce(current_setting('guestloop.dropped_before', true), '');
begin
    if tg_op = 'UPDATE' then
        if old.details @> new.details and to_jsonb(old) - 'details' = to_jsonb(new) - 'details' then
            return new;
        end if;
    elsif dropped <> '' and old.recorded_at < dropped::timestamptz
        and dropped::timestamptz <= (select max(recorded_at) from audit_entry) - interval '365 days'
    then
        return old;
    end if;
    raise exception 'the audit trail is not changed';
end $$;

-- The terms that the hotel set, and what each service says of its last and its next night.
create table retention_setting (
    kept text not null,
    country text not null, -- of the guest; '': all
    version bigint not null,
    days int check (days > 0),
    months int check (months > 0),
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (kept, country),
    check (num_nonnulls(days, months) < 2)
);

create table retention_seen (
    service text not null,
    subject text not null,
    version bigint not null,
    kept text not null,
    night date not null, -- the next one
    due bigint not null,
    dropped bigint not null,
    counted_at timestamptz not null,
    primary key (service, subject)
);
