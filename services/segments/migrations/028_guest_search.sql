-- By what guests are found: one array a guest, each element 32 bits of a hash. Names and reservation numbers are hashed
-- plainly, since they stand plainly in `guest` and `stay`; parts of addresses and numbers under the key `point_key` of
-- the key ring. Guests who were merged away or erased have no row.
create table guest_search (
    guest_id uuid primary key,
    point_key text not null,
    found_by int[] not null
);

create index guest_search_found_by on guest_search using gin (found_by);

-- Guests of whom something changed that they are found by, once for each change. It has no key: whoever notes a change
-- never waits for another who does, and a change that is not yet committed is never taken for done.
create table guest_search_due (guest_id uuid not null);

create index guest_search_due_guest on guest_search_due (guest_id);

create function guest_search_due_of_guest() returns trigger language plpgsql as $$
begin
    insert into guest_search_due select id from changed;
    return null;
end $$;

create function guest_search_due_of_rows() returns trigger language plpgsql as $$
begin
    insert into guest_search_due select distinct guest_id from changed;
    return null;
end $$;

create function guest_search_due_again() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'guest' then
        insert into guest_search_due select new.id where new.erased_at is null;
    elsif tg_table_name = 'contact_point' then
        insert into guest_search_due select guest_id from guest_point where point = new.point;
    else
        insert into guest_search_due values (old.guest_id), (new.guest_id);
    end if;
    return null;
end $$;

create trigger search_new after insert on guest
    referencing new table as changed for each statement execute function guest_search_due_of_guest();
create trigger search after update of given_name, family_name, heard, also_known, home_property, merged_into, erased_at
    on guest for each row
    when ((old.given_name, old.family_name, old.heard, old.also_known, old.home_property, old.merged_into, old.erased_at)
          is distinct from (new.given_name, new.family_name, new.heard, new.also_known, new.home_property,
                            new.merged_into, new.erased_at))
    execute function guest_search_due_again();
create trigger search_new after insert on stay
    referencing new table as changed for each statement execute function guest_search_due_of_rows();
create trigger search after update of guest_id, reservation, property on stay for each row
    when ((old.guest_id, old.reservation, old.property) is distinct from (new.guest_id, new.reservation, new.property))
    execute function guest_search_due_again();
create trigger search_new after insert on guest_point
    referencing new table as changed for each statement execute function guest_search_due_of_rows();
create trigger search_gone after delete on guest_point
    referencing old table as changed for each statement execute function guest_search_due_of_rows();
create trigger search after update of guest_id, point on guest_point for each row
    when ((old.guest_id, old.point) is distinct from (new.guest_id, new.point))
    execute function guest_search_due_again();
create trigger search after update of address_sealed, kind on contact_point for each row
    when (old.address_sealed is distinct from new.address_sealed or old.kind is distinct from new.kind)
    execute function guest_search_due_again();

-- What was there before.
insert into guest_search_due select id from guest where merged_into is null and erased_at is null;
