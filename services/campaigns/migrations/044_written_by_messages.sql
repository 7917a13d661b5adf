-- An enrolment's messages say whether its guest was written to: no row beside them, and no key of it. `written_to` keeps
-- those who were kept out.

create or replace function tally_messages() returns trigger language plpgsql as $$
declare
    since bigint := (select max(id) from journey_tally);
    enrolled uuid[];
    more int[]; -- how many messages of each went that had not, or the other way round
begin
    insert into journey_tally (journey, version, step, property, what, reason, n)
    select journey, 0, moved.step, property, what, moved.reason, sum(n)
    from (
        select enrolment_id, step, what, case when what = 'refused' then reason else '' end as reason, sum(n) as n
        from (
            select enrolment_id, step, message_what(state, reason) as what, coalesce(reason, '') as reason, -1 as n
            from before
            union all
            select enrolment_id, step, message_what(state, reason), coalesce(reason, ''), 1 from after
            union all
            select enrolment_id, step, unnest(message_came(receipt, clicked_at)), '', -1 from before
            union all
            select enrolment_id, step, unnest(message_came(receipt, clicked_at)), '', 1 from after
        ) as each
        where what is not null
        group by 1, 2, 3, 4 having sum(n) <> 0
    ) as moved
    join enrolment on enrolment.id = enrolment_id
    group by 1, 3, 4, 5, 6 having sum(n) <> 0;
    insert into written_to (enrolment_id, kept_out)
    select enrolment_id, true
    from (
        select enrolment_id, -1 as n from before where message_what(state, reason) = 'kept_out'
        union all
        select enrolment_id, 1 from after where message_what(state, reason) = 'kept_out'
    ) as each
    group by 1 having sum(n) > 0
    order by 1
    on conflict do nothing;
    select array_agg(enrolment_id), array_agg(n) into enrolled, more
    from (
        select enrolment_id, sum(n)::int as n
        from (
            select enrolment_id, -1 as n from before where message_what(state, reason) = 'sent'
            union all
            select enrolment_id, 1 from after where message_what(state, reason) = 'sent'
        ) as each
        group by 1 having sum(n) <> 0
    ) as net;
    if enrolled is not null then
        -- Two messages of one enrolment may be answered at once, by two consumers. (A message that is asked for only now
        -- has no answer before this transaction ends.)
        perform pg_advisory_xact_lock(7263, key) from (
            select distinct hashtext(enrolment_id::text) & 255 as key
            from (
                select enrolment_id from message where enrolment_id = any(enrolled) group by 1 having count(*) > 1
            ) as several
            order by 1 offset 0
        ) as keys;
        insert into journey_tally (journey, version, step, property, what, reason, n)
        select journey, 0, '', property, 'written', '', sum(n)
        from (
            select id as enrolment_id, (went > 0)::int - (went > n)::int as n
            from unnest(enrolled, more) as net (id, n), lateral (
                select count(*) as went from message where enrolment_id = net.id and message_what(state, reason) = 'sent'
            ) as now
        ) as counted
        join enrolment on enrolment.id = enrolment_id
        group by journey, property having sum(n) <> 0;
    end if;
    perform draw_tallies_together(since);
    return null;
end
$$;

create or replace function tally_enrolments() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from journey_tally);
begin
    insert into journey_tally (journey, version, step, property, what, reason, n)
    select journey, version, step, property, 'waiting', '', sum(n)
    from (
        select journey, version, step, property, -1 as n from before where state in ('waiting', 'paused')
        union all
        select journey, version, step, property, 1 from after where state in ('waiting', 'paused')
    ) as moved
    group by journey, version, step, property having sum(n) <> 0;
    -- What was counted of them in another hotel comes along. (Nowhere is `before` joined to `after`: a plan made for one
    -- row would be kept for a hundred thousand.)
    if exists (
        select from (select id, property, -1 as n from before union all select id, property, 1 from after) as moved
        group by id, property having sum(n) <> 0
    ) then
        insert into journey_tally (journey, version, step, property, what, reason, n)
        with moved as (
            select id, journey, min(property) filter (where n < 0) as left_behind,
                   min(property) filter (where n > 0) as property
            from (
                select id, journey, property, -1 as n from before union all select id, journey, property, 1 from after
            ) as both_of
            group by id, journey
            having min(property) filter (where n < 0) is distinct from min(property) filter (where n > 0)
        ), counted as (
            select id, 'entered' as what, '' as step, '' as reason from moved
            union all
            select moved.id, message_what(message.state, message.reason), message.step,
                   case when message_what(message.state, message.reason) = 'refused' then message.reason else '' end
            from moved join message on enrolment_id = moved.id
            where message_what(message.state, message.reason) is not null
            union all
            select moved.id, unnest(message_came(message.receipt, message.clicked_at)), message.step, ''
            from moved join message on enrolment_id = moved.id
            union all
            select moved.id, 'took', split_taken.step, way
            from moved join split_taken on enrolment_id = moved.id
            union all
            select moved.id, 'control', '', '' from moved join written_to on enrolment_id = moved.id and kept_out
            union all
            select id, 'written', '', '' from moved where exists (
                select from message where enrolment_id = moved.id and message_what(state, reason) = 'sent')
            union all
            select moved.id, case when held_out then 'control_reached' else 'reached' end, '', ''
            from moved join goal on enrolment_id = moved.id and goal = ''
        )
        select journey, 0, step, case when n < 0 then left_behind else property end, what, coalesce(reason, ''), sum(n)
        from counted join moved using (id), (values (-1), (1)) as way (n)
        group by 1, 3, 4, 5, 6 having sum(n) <> 0;
    end if;
    perform draw_tallies_together(since);
    return null;
end
$$;

create or replace view journey_count as -- the tally as it would be counted anew
select journey, 0 as version, '' as step, property, 'entered' as what, '' as reason, count(*) as n
from enrolment group by journey, property
union all
select journey, version, step, property, 'waiting', '', count(*)
from enrolment where state in ('waiting', 'paused') group by journey, version, step, property
union all
select journey, 0, message.step, property, message_what(message.state, message.reason),
       case when message_what(message.state, message.reason) = 'refused' then coalesce(message.reason, '') else '' end,
       count(*)
from message join enrolment on enrolment.id = enrolment_id
where message_what(message.state, message.reason) is not null group by 1, 3, 4, 5, 6
union all
select journey, 0, '', property, 'control', '', count(*)
from written_to join enrolment on enrolment.id = enrolment_id and kept_out group by journey, property
union all
select journey, 0, '', property, 'written', '', count(*)
from enrolment where exists (
    select from message where enrolment_id = enrolment.id and message_what(message.state, message.reason) = 'sent'
) group by journey, property
union all
select journey, 0, '', property, case when held_out then 'control_reached' else 'reached' end, '', count(*)
from goal join enrolment on enrolment.id = enrolment_id where goal = '' group by journey, property, held_out
union all
select journey, 0, step, property, what, '', count(*)
from (
    select enrolment_id, message.step, unnest(message_came(receipt, clicked_at)) as what from message
) as came join (select id, journey, property from enrolment) as enrolled on id = enrolment_id
group by 1, 3, 4, 5
union all
select journey, 0, split_taken.step, property, 'took', way, count(*)
from split_taken join (select id, property from enrolment) as enrolled on id = enrolment_id
group by journey, split_taken.step, property, way;
