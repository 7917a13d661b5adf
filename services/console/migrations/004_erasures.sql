-- The certificate of an erasure: what each service erased, in rows by table.
alter table guest_forgotten add column rows jsonb not null default '{}';

-- The audit trail stays as it was written, but for what it says of a guest who is erased: details may be left out of an
-- entry, nothing may be put in.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if old.details @> new.details and to_jsonb(old) - 'details' = to_jsonb(new) - 'details' then
            return new;
        end if;
    end if;
    raise exception 'the audit trail is not changed';
end $$;
