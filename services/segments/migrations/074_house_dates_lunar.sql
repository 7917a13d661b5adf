-- Dates of the house's own that come again by the lunar calendar.

alter table house_date add column lunar bool not null default false; -- only of one that comes every year; never changed

-- Month × 100 + day by the lunar calendar where it comes again by that, of a leap month the number of the month; then
-- `md` is null.
alter table guest_date add column lunar_md int;

-- On a 30th of a month that has 29 days it is kept on the 29th: as `facts/families/lunar.py` has it.
create function lunar_kept_on(day date) returns int[] language sql stable parallel safe as $$
    select case
        when leap then '{}'::int[]
        when days = 29 and day - begins = 28 then array[month * 100 + 29, month * 100 + 30]
        else array[month * 100 + (day - begins) + 1] end
    from lunar_month where begins <= day and day < begins + days
    order by begins desc limit 1
$$;

-- The next and the last day of a date by its calendar, today included in both; as `next_of` and `last_of` are.
create function next_day_of(on_date date, md int, lunar_md int, today date) returns date
language sql stable parallel safe as $$
    select case when on_date >= today or lunar_md is null then next_of(on_date, md, today) else (
        select min(m.begins + least(lunar_md % 100, m.days) - 1) from lunar_month m
        where m.month = lunar_md / 100 and not m.leap and m.begins between today - 30 and today + 390
            and m.begins + least(lunar_md % 100, m.days) - 1 >= today
    ) end
$$;

create function last_day_of(on_date date, md int, lunar_md int, today date) returns date
language sql stable parallel safe as $$
    select case when on_date > today or lunar_md is null then last_of(on_date, md, today) else greatest(on_date, (
        select max(m.begins + least(lunar_md % 100, m.days) - 1) from lunar_month m
        where m.month = lunar_md / 100 and not m.leap and m.begins between today - 420 and today
            and m.begins + least(lunar_md % 100, m.days) - 1 <= today
    )) end
$$;
