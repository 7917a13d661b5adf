-- migrate: in sets
-- Of stays that are known already.
with told as (
    select f.guest_id, greatest(
        case when s.adults > 0 or s.children > 0 then greatest(s.adults, 1) + coalesce(s.children, 0) - 1 end,
        cardinality(string_to_array(s.companions, E'\n'))
    ) as companions
    from guest_facts f join stay s on s.id = f.last_stay_id
    where f.last_companions is null and (s.adults > 0 or s.children > 0 or s.companions is not null)
    limit 20000
)
update guest_facts f set last_companions = told.companions from told where f.guest_id = told.guest_id;
