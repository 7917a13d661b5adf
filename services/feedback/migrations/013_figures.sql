-- What answers come to by day: all of them, of each room type, of each segment that a guest was in when they answered,
-- and of the ratings that surveys ask for beside the score. A page adds up days and not answers. As of voices: each
-- statement appends what it changed, and every 1,000th row draws the oldest together.

alter table stay_known add column room_type text not null default ''; -- '': not known, or not told yet
alter table survey_answer
    add column day date, -- of the hotel's calendar
    add column segments text[]; -- that its guest was in when they answered; null: not known
alter table voice
    add column room_type text not null default '',
    add column segments text[];
create index voice_answer on voice (answer_id);
alter table survey_value -- once its survey was sent
    add column property text,
    add column day date;

create table score_tally (
    id bigint generated always as identity primary key,
    property text not null,
    figure text not null check (figure in ('answer', 'room_type', 'segment', 'csat', 'ces', 'stars')),
    part text not null, -- a room type, a segment, a question; '' of answers
    day date not null,
    number int not null, -- of scores 9, 7 or 0: from which on a guest is a promoter, passive or a detractor
    answers int not null
);
create index score_tally_by_day on score_tally (property, figure, part, day) include (number, answers);

create function least_of_its_kind(score int) returns int language sql immutable as $$
    select case when score >= 9 then 9 when score >= 7 then 7 else 0 end
$$;

create function draw_scores_together(since bigint) returns void language plpgsql as $$
begin
    if since / 1000 is distinct from (select max(id) from score_tally) / 1000 then
        with oldest as (
            select id from score_tally order by id limit 10000 for update skip locked
        ), gone as (
            delete from score_tally where id in (select id from oldest) returning *
        )
        insert into score_tally (property, figure, part, day, number, answers)
        select property, figure, part, day, number, sum(answers) from gone
        group by property, figure, part, day, number having sum(answers) <> 0;
    end if;
end
$$;

create function tally_new_answers() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from score_tally);
begin
    insert into score_tally (property, figure, part, day, number, answers)
    select property, 'answer', '', day, least_of_its_kind(score), count(*)
    from after where property is not null and day is not null group by 1, 4, 5;
    perform draw_scores_together(since);
    return null;
end
$$;
create function tally_gone_answers() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from score_tally);
begin
    insert into score_tally (property, figure, part, day, number, answers)
    select property, 'answer', '', day, least_of_its_kind(score), -count(*)
    from before where property is not null and day is not null group by 1, 4, 5;
    perform draw_scores_together(since);
    return null;
end
$$;
create function tally_answers() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from score_tally);
begin
    insert into score_tally (property, figure, part, day, number, answers)
    select property, 'answer', '', day, least_of_its_kind(score), sum(n)
    from (select property, day, score, 1 as n from after union all select property, day, score, -1 from before) as each
    where property is not null and day is not null group by 1, 4, 5 having sum(n) <> 0;
    perform draw_scores_together(since);
    return null;
end
$$;

-- Of each guest the last answer at a hotel, as in the score of the whole hotel.
create function tally_parts() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from score_tally);
begin
    if tg_op in ('INSERT', 'UPDATE') then
        insert into score_tally (property, figure, part, day, number, answers)
        select property, figure, part, day, least_of_its_kind(score), count(*)
        from after, lateral (
            select 'room_type' as figure, room_type as part union all select 'segment', unnest(segments)
        ) as its
        where span = '9999-12-31' group by 1, 2, 3, 4, 5;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into score_tally (property, figure, part, day, number, answers)
        select property, figure, part, day, least_of_its_kind(score), -count(*)
        from before, lateral (
            select 'room_type' as figure, room_type as part union all select 'segment', unnest(segments)
        ) as its
        where span = '9999-12-31' group by 1, 2, 3, 4, 5;
    end if;
    perform draw_scores_together(since);
    return null;
end
$$;

create function tally_ratings() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from score_tally);
begin
    if tg_op in ('INSERT', 'UPDATE') then
        insert into score_tally (property, figure, part, day, number, answers)
        select property, kind, field, day, number, count(*) from after
        where property is not null and day is not null and number is not null and kind in ('csat', 'ces', 'stars')
        group by 1, 2, 3, 4, 5;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into score_tally (property, figure, part, day, number, answers)
        select property, kind, field, day, number, -count(*) from before
        where property is not null and day is not null and number is not null and kind in ('csat', 'ces', 'stars')
        group by 1, 2, 3, 4, 5;
    end if;
    perform draw_scores_together(since);
    return null;
end
$$;

create trigger score_tally_new after insert on survey_answer
    referencing new table as after for each statement execute function tally_new_answers();
create trigger score_tally after update on survey_answer
    referencing old table as before new table as after for each statement execute function tally_answers();
create trigger score_tally_gone after delete on survey_answer
    referencing old table as before for each statement execute function tally_gone_answers();
create trigger score_tally_new after insert on voice
    referencing new table as after for each statement execute function tally_parts();
create trigger score_tally after update on voice
    referencing old table as before new table as after for each statement execute function tally_parts();
create trigger score_tally_gone after delete on voice
    referencing old table as before for each statement execute function tally_parts();
create trigger score_tally_new after insert on survey_value
    referencing new table as after for each statement execute function tally_ratings();
create trigger score_tally after update on survey_value
    referencing old table as before new table as after for each statement execute function tally_ratings();
create trigger score_tally_gone after delete on survey_value
    referencing old table as before for each statement execute function tally_ratings();

-- What was there before. Days are those of this database's zone tables, from now on those of our own.
insert into score_tally (property, figure, part, day, number, answers)
select property, 'room_type', '', day, least_of_its_kind(score), count(*) from voice where span = '9999-12-31'
group by 1, 4, 5;
update survey_answer as answer set day = (asked.answered_at at time zone coalesce(hotel.zone, 'UTC'))::date
from survey_answer as asked left join property_known as hotel on hotel.code = asked.property
where asked.message_id = answer.message_id and asked.property is not null;
update survey_value as value
set property = response.property, day = (response.submitted_at at time zone coalesce(hotel.zone, 'UTC'))::date
from survey_response as response left join property_known as hotel on hotel.code = response.property
where response.message_id = value.message_id and submitted_at is not null and response.property is not null;
