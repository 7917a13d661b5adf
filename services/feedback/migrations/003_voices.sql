-- One voice a guest and hotel, the last one: of each month, and of all time. What they come to is kept by day as answers
-- arrive, so that a page adds up some hundred rows and not a hundred thousand answers. As in campaigns, each statement
-- appends what it changed, so that nobody waits for another's count; every 1,000th row draws the oldest together.

create table voice (
    property text not null,
    span date not null, -- the first day of a month; 9999-12-31: all time
    guest_id uuid not null, -- who she is since guests were merged
    day date not null, -- of the hotel's calendar; of a month its first
    score int not null,
    answered_at timestamptz not null,
    answer_id uuid not null,
    primary key (property, span, guest_id)
);
create index voice_guest on voice (guest_id);

create table voice_tally (
    id bigint generated always as identity primary key,
    property text not null,
    span date not null,
    day date not null,
    promoters int not null,
    passives int not null,
    detractors int not null
);
create index voice_tally_by_day on voice_tally (property, span, day) include (promoters, passives, detractors);

create function tally_voices() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from voice_tally);
begin
    if tg_op in ('INSERT', 'UPDATE') then
        insert into voice_tally (property, span, day, promoters, passives, detractors)
        select property, span, day, count(*) filter (where score >= 9), count(*) filter (where score between 7 and 8),
               count(*) filter (where score <= 6)
        from after group by property, span, day;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into voice_tally (property, span, day, promoters, passives, detractors)
        select property, span, day, -count(*) filter (where score >= 9), -count(*) filter (where score between 7 and 8),
               -count(*) filter (where score <= 6)
        from before group by property, span, day;
    end if;
    if since / 1000 is distinct from (select max(id) from voice_tally) / 1000 then
        with oldest as (
            select id from voice_tally order by id limit 10000 for update skip locked
        ), gone as (
            delete from voice_tally where id in (select id from oldest) returning *
        )
        insert into voice_tally (property, span, day, promoters, passives, detractors)
        select property, span, day, sum(promoters), sum(passives), sum(detractors) from gone
        group by property, span, day
        having sum(promoters) <> 0 or sum(passives) <> 0 or sum(detractors) <> 0;
    end if;
    return null;
end
$$;

-- What was there before. Days are those of this database's zone tables, of who answers from now on those of our own.
insert into voice (property, span, guest_id, day, score, answered_at, answer_id)
select distinct on (said.property, its.span, who) said.property, its.span, who,
       case when its.span = '9999-12-31' then local else its.span end, score, answered_at, answer_id
from (
    select answer.property, coalesce(guest.into_guest_id, answer.guest_id) as who, score, answered_at, answer_id,
           (answered_at at time zone coalesce(hotel.zone, 'UTC'))::date as local
    from survey_answer as answer
    left join guest_known as guest using (guest_id)
    left join property_known as hotel on hotel.code = answer.property
    where answer.property is not null
) as said, lateral (values (date_trunc('month', local)::date), ('9999-12-31'::date)) as its (span)
order by said.property, its.span, who, answered_at desc, answer_id;

insert into voice_tally (property, span, day, promoters, passives, detractors)
select property, span, day, count(*) filter (where score >= 9), count(*) filter (where score between 7 and 8),
       count(*) filter (where score <= 6)
from voice group by property, span, day;

create trigger tally_new after insert on voice
    referencing new table as after for each statement execute function tally_voices();
create trigger tally after update on voice
    referencing old table as before new table as after for each statement execute function tally_voices();
create trigger tally_gone after delete on voice
    referencing old table as before for each statement execute function tally_voices();
