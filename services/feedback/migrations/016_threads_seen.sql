-- The hotels whose people see a thread: those it is about and, where some of it is about none, those of its guest. Kept
-- by each statement that changes threads, guests or stays, so that a list and its counts look at threads alone.
alter table thread add column seen_at text[] not null default '{}';

create function hotels_that_see(guest uuid, about text[], common boolean) returns text[] language sql stable as $$
    select case when common and guest is not null then array(
        select unnest(about)
        union select home_property from guest_known where guest_id = guest and home_property is not null
        union select property from stay_known where guest_id = guest
        order by 1)
    else about end
$$;

create function thread_seen() returns trigger language plpgsql as $$
begin
    new.seen_at = hotels_that_see(new.guest_id, new.hotels, new.is_common);
    return new;
end
$$;

create function threads_seen_anew() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        update thread set seen_at = hotels_that_see(guest_id, hotels, is_common)
        where is_common and guest_id in (select guest_id from before union select guest_id from after)
          and seen_at <> hotels_that_see(guest_id, hotels, is_common);
    elsif tg_op = 'INSERT' then
        update thread set seen_at = hotels_that_see(guest_id, hotels, is_common)
        where is_common and guest_id in (select guest_id from after)
          and seen_at <> hotels_that_see(guest_id, hotels, is_common);
    else
        update thread set seen_at = hotels_that_see(guest_id, hotels, is_common)
        where is_common and guest_id in (select guest_id from before);
    end if;
    return null;
end
$$;

update thread set seen_at = hotels_that_see(guest_id, hotels, is_common);

create trigger seen_new before insert on thread for each row execute function thread_seen();
create trigger seen before update on thread for each row
    when ((new.hotels, new.is_common, new.guest_id) is distinct from (old.hotels, old.is_common, old.guest_id))
    execute function thread_seen();
create trigger seen_new after insert on stay_known
    referencing new table as after for each statement execute function threads_seen_anew();
create trigger seen after update on stay_known
    referencing old table as before new table as after for each statement execute function threads_seen_anew();
create trigger seen_no_more after delete on stay_known
    referencing old table as before for each statement execute function threads_seen_anew();
create trigger seen_new after insert on guest_known
    referencing new table as after for each statement execute function threads_seen_anew();
create trigger seen after update on guest_known
    referencing old table as before new table as after for each statement execute function threads_seen_anew();
