-- Recurring dates of guests beside the birthday: their birthday by the lunar calendar, and the day of their first stay.

-- Months of the lunar calendar, from 31 January 1900 to 28 January 2101: the same as `facts/families/lunar.py` has them.
create table lunar_month (
    begins date primary key,
    month int not null check (month between 1 and 12),
    leap boolean not null,
    days int not null check (days in (29, 30))
);

-- A number a lunar year: bits 15 to 4 say which months have 30 days, bits 3 to 0 which month is followed by its leap
-- one, bit 16 whether that has 30 days.
insert into lunar_month (begins, month, leap, days)
with coded as (
    select info, year from unnest(array[
        19416, 19168, 42352, 21717, 53856, 55632, 91476, 22176, 39632, 21970, 19168, 42422, 42192, 53840,
        119381, 46400, 54944, 44450, 38320, 84343, 18800, 42160, 46261, 27216, 27968, 109396, 11104, 38256,
        21234, 18800, 25958, 54432, 59984, 92821, 23248, 11104, 100067, 37600, 116951, 51536, 54432, 120998,
        46416, 22176, 107956, 9680, 37584, 53938, 43344, 46423, 27808, 46416, 86869, 19872, 42416, 83315,
        21168, 43432, 59728, 27296, 44710, 43856, 19296, 43748, 42352, 21088, 62051, 55632, 23383, 22176,
        38608, 19925, 19152, 42192, 54484, 53840, 54616, 46400, 46752, 103846, 38320, 18864, 43380, 42160,
        45690, 27216, 27968, 44870, 43872, 38256, 19189, 18800, 25776, 29859, 59984, 27480, 23232, 43872,
        38613, 37600, 51552, 55636, 54432, 55888, 30034, 22176, 43959, 9680, 37584, 51893, 43344, 46240,
        47780, 44368, 21977, 19360, 42416, 86390, 21168, 43312, 31060, 27296, 44368, 23378, 19296, 42726,
        42208, 53856, 60005, 54576, 23200, 30371, 38608, 19195, 19152, 42192, 118966, 53840, 54560, 56645,
        46496, 22224, 21938, 18864, 42359, 42160, 43600, 111189, 27936, 44448, 84835, 37744, 18936, 18800,
        25776, 92326, 59984, 27424, 108228, 43744, 37600, 53987, 51552, 54615, 54432, 55888, 23893, 22176,
        42704, 21972, 21200, 43448, 43344, 46240, 46758, 44368, 21920, 43940, 42416, 21168, 45683, 26928,
        29495, 27296, 44368, 84821, 19296, 42352, 21732, 53856, 59752, 54560, 55968, 92838, 22224, 19168,
        43476, 42192, 53584, 62034, 54560
    ]) with ordinality as one (info, year)
)
select date '1900-01-31'
       + coalesce(sum(days) over (order by year, place rows between unbounded preceding and 1 preceding), 0)::int,
       month, leap, days
from (
    select year, month, false as leap, case when (info >> (16 - month)) & 1 = 1 then 30 else 29 end as days,
           month * 2 as place
    from coded, generate_series(1, 12) as month
    union all
    select year, info & 15, true, case when info >> 16 = 1 then 30 else 29 end, (info & 15) * 2 + 1
    from coded
    where info & 15 > 0
) as each;
create index lunar_month_month on lunar_month (month, begins) where not leap;

create function lunar_md(born date) returns int language sql stable parallel safe as $$
    select month * 100 + (born - begins) + 1 from lunar_month where begins <= born and born < begins + days
    order by begins desc limit 1
$$;

alter table guest_facts
    add column lunar_md int, -- month × 100 + day; of a leap month the number of the month
    add column first_arrival_on date,
    add column first_arrival_md int;

update guest_facts f set lunar_md = lunar_md(f.birth_date) where f.birth_date is not null;
update guest_facts f
set first_arrival_on = first.arrival,
    first_arrival_md = extract(month from first.arrival)::int * 100 + extract(day from first.arrival)::int
from (
    select guest_id, min(arrival) as arrival from stay where status = 'checked_out' and not muted group by guest_id
) as first
where first.guest_id = f.guest_id;

create index guest_facts_lunar_birthday on guest_facts (home_zone, lunar_md) where lunar_md is not null;
create index guest_facts_first_arrival on guest_facts (home_zone, first_arrival_md) where first_arrival_md is not null;
