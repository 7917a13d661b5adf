-- A journey has several goals: each is reached once by an enrolment. The chief one ('') is what figures at a glance and
-- ways of a split are compared by; the others are named by what has to happen.
alter table goal add column goal text not null default '';
alter table goal drop constraint goal_pkey, add primary key (enrolment_id, goal);

create or replace function tally_goals() returns trigger language plpgsql as $$
begin
    insert into journey_tally (journey, version, step, property, what, reason, n)
    select journey, 0, '', property, case when held_out then 'control_reached' else 'reached' end, '', count(*)
    from after join enrolment on enrolment.id = enrolment_id where goal = '' group by journey, property, held_out;
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
    -- What was counted of her in another hotel comes along. (Nowhere is `before` joined to `after`: a plan made for one
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
            select moved.id, case when kept_out then 'control' else 'written' end, '', ''
            from moved join written_to on enrolment_id = moved.id
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
select journey, 0, '', property, case when kept_out then 'control' else 'written' end, '', count(*)
from written_to join enrolment on enrolment.id = enrolment_id group by journey, property, kept_out
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
