-- Of each guest and hotel the last time she left, was asked and was asked what she answered: who left since some day, and
-- who of them was asked and answered since, is then one look along an index. Kept by each statement that changes stays,
-- messages or answers.

create table reach (
    property text not null,
    guest_id uuid not null,
    left_on date, -- the last departure of a stay that ended
    asked_at timestamptz,
    answered_at timestamptz, -- when that survey was sent, not when she answered
    primary key (property, guest_id)
);
create index reach_left on reach (property, left_on) include (asked_at, answered_at);

create function reach_of_new_stays() returns trigger language plpgsql as $$
begin
    insert into reach as known (property, guest_id, left_on)
    select property, guest_id, max(departure) from after where status = 'checked_out'
    group by property, guest_id order by property, guest_id
    on conflict (property, guest_id) do update set left_on = excluded.left_on
    where known.left_on is null or known.left_on < excluded.left_on;
    return null;
end
$$;

create function reach_of_stays() returns trigger language plpgsql as $$
begin
    insert into reach as known (property, guest_id, left_on)
    select property, guest_id,
           (select max(departure) from stay_known as stay
            where stay.guest_id = concerned.guest_id and stay.property = concerned.property and status = 'checked_out')
    from (
        -- no join of `before` and `after`: a plan made for one row would be kept for thousands
        select distinct property, guest_id
        from (
            select stay_id, property, guest_id, departure, -1 as n from before where status = 'checked_out'
            union all
            select stay_id, property, guest_id, departure, 1 from after where status = 'checked_out'
        ) as changed
        group by stay_id, property, guest_id, departure having sum(n) <> 0
        order by property, guest_id
    ) as concerned
    on conflict (property, guest_id) do update set left_on = excluded.left_on
    where known.left_on is distinct from excluded.left_on;
    return null;
end
$$;

create function reach_of_messages() returns trigger language plpgsql as $$
begin
    insert into reach as known (property, guest_id, asked_at)
    select property, guest_id, max(sent_at) from after where purpose = 'feedback' and property is not null
    group by property, guest_id order by property, guest_id
    on conflict (property, guest_id) do update set asked_at = excluded.asked_at
    where known.asked_at is null or known.asked_at < excluded.asked_at;
    return null;
end
$$;

create function reach_of_changed_messages() returns trigger language plpgsql as $$
begin
    insert into reach as known (property, guest_id, asked_at, answered_at)
    select concerned.property, concerned.guest_id, max(sent_at),
           max(sent_at) filter (where answer.message_id is not null)
    from (
        select distinct property, guest_id
        from (
            select message_id, property, guest_id, sent_at, purpose, -1 as n from before
            union all
            select message_id, property, guest_id, sent_at, purpose, 1 from after
        ) as changed
        where purpose = 'feedback' and property is not null
        group by message_id, property, guest_id, sent_at having sum(n) <> 0
        order by property, guest_id
    ) as concerned
    join message_known as message
      on message.guest_id = concerned.guest_id and message.property = concerned.property and purpose = 'feedback'
    left join survey_answer as answer using (message_id)
    group by 1, 2 order by 1, 2
    on conflict (property, guest_id) do update
    set asked_at = excluded.asked_at, answered_at = excluded.answered_at;
    return null;
end
$$;

create function reach_of_answers() returns trigger language plpgsql as $$
begin
    insert into reach as known (property, guest_id, answered_at)
    select message.property, message.guest_id, max(sent_at)
    from after join message_known as message using (message_id) where message.property is not null
    group by 1, 2 order by 1, 2
    on conflict (property, guest_id) do update set answered_at = excluded.answered_at
    where known.answered_at is null or known.answered_at < excluded.answered_at;
    return null;
end
$$;

-- What was there before.
insert into reach (property, guest_id, left_on, asked_at, answered_at)
select property, guest_id, max(left_on), max(asked_at), max(answered_at)
from (
    select property, guest_id, departure as left_on, null::timestamptz as asked_at, null::timestamptz as answered_at
    from stay_known where status = 'checked_out'
    union all
    select message.property, message.guest_id, null, sent_at, case when answer.message_id is not null then sent_at end
    from message_known as message left join survey_answer as answer using (message_id)
    where purpose = 'feedback' and message.property is not null
) as told
group by property, guest_id;

create trigger reach_new after insert on stay_known
    referencing new table as after for each statement execute function reach_of_new_stays();
create trigger reach after update on stay_known
    referencing old table as before new table as after for each statement execute function reach_of_stays();
create trigger reach_new after insert on message_known
    referencing new table as after for each statement execute function reach_of_messages();
create trigger reach after update on message_known
    referencing old table as before new table as after for each statement execute function reach_of_changed_messages();
create trigger reach_new after insert on survey_answer
    referencing new table as after for each statement execute function reach_of_answers();
