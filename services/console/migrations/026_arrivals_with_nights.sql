-- migrate: in sets
-- Arrivals beside nights are one warning from now on.
update warning set ended_on = last_on
where id in (
    select id from warning
    where signal = 'arrivals' and ended_on is null and exists (
        select from warning other
        where other.signal = 'nights' and other.property = warning.property and other.ended_on is null
    )
    limit 1000
);
