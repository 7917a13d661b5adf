-- How many guests and messages are where, by journey, kept as they move: pages add up some thousand rows and not all
-- enrolments and messages.
--
-- Each statement that changes enrolments, messages or goals appends what it changed (`n` up or down), so that nobody
-- waits for another's count; every 5,000th row draws the oldest together.

create table journey_tally (
    id bigint generated always as identity primary key,
    journey text not null,
    version int not null, -- of the journey, where guests wait; else 0
    step text not null,
    property text,
    what text not null check (what in (
        'entered', 'waiting', 'sent', 'refused', 'kept_out', 'other', 'written', 'control', 'reached', 'control_reached'
    )),
    reason text not null, -- of what was refused
    n bigint not null
);

-- Enrolments of which a message went, and those kept out of them: each counts once, however many messages it has.
create table written_to (
    enrolment_id uuid not null,
    kept_out boolean not null,
    primary key (enrolment_id, kept_out)
);

create function message_what(state text, reason text) returns text language sql immutable as $$
    select case
        when state in ('sent', 'delivered', 'clicked', 'bounced', 'complained') then 'sent'
        when state = 'skipped' and reason is not distinct from 'holdout' then 'kept_out'
        when state = 'skipped' then 'refused'
        when state in ('requested', 'held', 'unknown', 'failed', 'expired') then 'other'
    end
$$;

create function draw_tallies_together(since bigint) returns void language plpgsql as $$
begin
    if since / 5000 = (select max(id) from journey_tally) / 5000 then
        return;
    end if;
    with oldest as (
        select id from journey_tally order by id limit 20000 for update skip locked
    ), gone as (
        delete from journey_tally where id in (select id from oldest) returning *
    )
    insert into journey_tally (journey, version, step, property, what, reason, n)
    select journey, version, step, property, what, reason, sum(n)
    from gone group by journey, version, step, property, what, reason having sum(n) <> 0;
end
$$;

create function tally_new_enrolments() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from journey_tally);
begin
    insert into journey_tally (journey, version, step, property, what, reason, n)
    select journey, 0, '', property, 'entered', '', count(*) from after group by journey, property
    union all
    select journey, version, step, property, 'waiting', '', count(*)
    from after where state in ('waiting', 'paused') group by journey, version, step, property;
    perform draw_tallies_together(since);
    return null;
end
$$;

create function tally_enrolments() returns trigger language plpgsql as $$
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
            select moved.id, case when kept_out then 'control' else 'written' end, '', ''
            from moved join written_to on enrolment_id = moved.id
            union all
            select moved.id, case when held_out then 'control_reached' else 'reached' end, '', ''
            from moved join goal on enrolment_id = moved.id
        )
        select journey, 0, step, case when n < 0 then left_behind else property end, what, coalesce(reason, ''), sum(n)
        from counted join moved using (id), (values (-1), (1)) as way (n)
        group by 1, 3, 4, 5, 6 having sum(n) <> 0;
    end if;
    perform draw_tallies_together(since);
    return null;
end
$$;

create function tally_new_messages() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from journey_tally);
begin
    insert into journey_tally (journey, version, step, property, what, reason, n)
    select journey, 0, after.step, property, message_what(after.state, after.reason), '', count(*)
    from after join enrolment on enrolment.id = enrolment_id group by journey, after.step, property, 5;
    perform draw_tallies_together(since);
    return null;
end
$$;

create function tally_messages() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from journey_tally);
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
        ) as each
        where what is not null
        group by 1, 2, 3, 4 having sum(n) <> 0
    ) as moved
    join enrolment on enrolment.id = enrolment_id
    group by 1, 3, 4, 5, 6 having sum(n) <> 0;
    insert into written_to (enrolment_id, kept_out)
    select enrolment_id, what = 'kept_out'
    from (
        select enrolment_id, message_what(state, reason) as what, -1 as n from before
        union all
        select enrolment_id, message_what(state, reason), 1 from after
    ) as each
    where what in ('sent', 'kept_out')
    group by 1, 2 having sum(n) > 0
    order by 1, 2
    on conflict do nothing;
    perform draw_tallies_together(since);
    return null;
end
$$;

create function tally_written() returns trigger language plpgsql as $$
begin
    insert into journey_tally (journey, version, step, property, what, reason, n)
    select journey, 0, '', property, case when kept_out then 'control' else 'written' end, '', count(*)
    from after join enrolment on enrolment.id = enrolment_id group by journey, property, kept_out;
    return null;
end
$$;

create function tally_goals() returns trigger language plpgsql as $$
begin
    insert into journey_tally (journey, version, step, property, what, reason, n)
    select journey, 0, '', property, case when held_out then 'control_reached' else 'reached' end, '', count(*)
    from after join enrolment on enrolment.id = enrolment_id group by journey, property, held_out;
    return null;
end
$$;

-- What was there before.
insert into written_to (enrolment_id, kept_out)
select distinct enrolment_id, message_what(state, reason) = 'kept_out' from message
where message_what(state, reason) in ('sent', 'kept_out');

create view journey_count as -- the tally as it would be counted anew
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
from goal join enrolment on enrolment.id = enrolment_id group by journey, property, held_out;

insert into journey_tally (journey, version, step, property, what, reason, n) select * from journey_count;

create trigger tally_new after insert on enrolment
    referencing new table as after for each statement execute function tally_new_enrolments();
create trigger tally after update on enrolment
    referencing old table as before new table as after for each statement execute function tally_enrolments();
create trigger tally_new after insert on message
    referencing new table as after for each statement execute function tally_new_messages();
create trigger tally after update on message
    referencing old table as before new table as after for each statement execute function tally_messages();
create trigger tally_new after insert on written_to
    referencing new table as after for each statement execute function tally_written();
create trigger tally_new after insert on goal
    referencing new table as after for each statement execute function tally_goals();

-- The last problem of a journey is looked for among problems only.
create index message_problem on message (settled_at)
    where state in ('failed', 'bounced', 'complained', 'unknown') and settled_at is not null;
