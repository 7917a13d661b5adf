-- Dates of the house's own on a guest: the wedding day, the end of a membership.

-- What such a date is. `key`: how files and programs name it; `property`: the hotel whose it is, null for the house.
create table house_date (
    key text primary key check (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(key) <= 40),
    name text not null check (name <> ''),
    yearly bool not null, -- never changed: what rules and journeys count from it depends on it
    property text,
    made_by text not null,
    made_at timestamptz not null,
    retired_at timestamptz
);
create unique index house_date_name on house_date (lower(name)) where retired_at is null;

-- A guest's day. `md`: month × 100 + day where it comes again every year, else null. `by_hand`: a person or a program
-- said it of the guest, so that no file changes it.
create table guest_date (
    guest_id uuid not null references guest,
    date_key text not null references house_date,
    on_date date not null,
    md int,
    by_hand bool not null,
    said_at timestamptz not null,
    said_by text not null,
    primary key (guest_id, date_key)
);
create index guest_date_yearly on guest_date (date_key, md) where md is not null;
create index guest_date_once on guest_date (date_key, on_date) where md is null;

-- A 29 February is kept on 28 February in common years: as `facts/families/birthdays.py` has it.
create function kept_in(year int, md int) returns date language sql immutable parallel safe
return make_date(year, md / 100, case
    when md = 229 and not (year % 4 = 0 and (year % 100 <> 0 or year % 400 = 0)) then 28 else md % 100 end);

-- The next and the last of them, today included in both; of one that comes once, null where that is past or to come.
create function next_of(on_date date, md int, today date) returns date language sql immutable parallel safe
return case
    when on_date >= today then on_date
    when md is null then null
    when kept_in(extract(year from today)::int, md) >= today then kept_in(extract(year from today)::int, md)
    else kept_in(extract(year from today)::int + 1, md) end;

create function last_of(on_date date, md int, today date) returns date language sql immutable parallel safe
return case
    when on_date > today then null
    when md is null then on_date
    when kept_in(extract(year from today)::int, md) <= today
        then kept_in(extract(year from today)::int, md)
    else kept_in(extract(year from today)::int - 1, md) end;

-- The days of a year (month × 100 + day) that fall on a day.
create function kept_on(day date) returns int[] language sql immutable parallel safe
return case
    when extract(month from day) = 2 and extract(day from day) = 28 and extract(month from day + 1) = 3
        then array[228, 229]
    else array[extract(month from day)::int * 100 + extract(day from day)::int] end;
