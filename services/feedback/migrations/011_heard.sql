-- What guests say anywhere (a reply, the words of an answer, a review of a booking site) as it was understood, and how
-- often each topic is spoken of with which feeling; answers entered by hand; what a hotel does about a topic.

create table review (
    review_id uuid primary key, -- of source, hotel and the site's number: the same review is kept once
    property text not null,
    source text not null check (source ~ '^[a-z0-9_]{1,40}$'),
    ref text not null, -- the site's number; of a review without one, made of what it says
    content_id uuid not null, -- of all it says: whether it has changed
    guest_id uuid,
    stay_id uuid,
    said_on date not null,
    rating_given text, -- as the site wrote it
    rating_scale int,
    rating numeric(3, 1) check (rating between 0 and 10), -- of ten
    title_sealed text,
    liked_sealed text,
    disliked_sealed text,
    text_sealed text,
    entered_by text not null,
    received_at timestamptz not null,
    check ((rating_given is null) = (rating is null) and (rating is null) = (rating_scale is null))
);
create index review_property on review (property, said_on);
create index review_guest on review (guest_id) where guest_id is not null;
create index review_received on review (received_at);
create index stay_known_by_number on stay_known (property, reservation);

create table heard_text (
    text_id uuid primary key, -- of the reply, the answer or the review
    kind text not null check (kind in ('reply', 'comment', 'review')),
    property text,
    day date not null, -- in the hotel's calendar
    said_at timestamptz not null,
    language text,
    is_complaint boolean not null,
    corrected_by text, -- what a person found stays, whatever a later version would find
    corrected_at timestamptz,
    check ((corrected_by is null) = (corrected_at is null))
);

create table heard_topic ( -- topic '': how the text feels as a whole
    text_id uuid not null references heard_text on delete cascade,
    topic text not null check (topic ~ '^[a-z_]{0,40}$'),
    feeling text not null check (feeling in ('positive', 'negative', 'neutral')),
    kind text not null,
    property text,
    day date not null,
    said_at timestamptz not null,
    primary key (text_id, topic)
);
create index heard_topic_newest on heard_topic (property, topic, said_at desc, text_id desc) include (feeling, kind, day);

create table heard_correction (
    correction_id uuid primary key,
    text_id uuid not null,
    before jsonb not null, -- by topic its feeling; '': the whole text
    after jsonb not null,
    by_name text not null,
    at timestamptz not null
);
create index heard_correction_text on heard_correction (text_id, at);

-- As of voices: each statement appends what it changed, and every 1,000th row draws the oldest together.
create table topic_tally (
    id bigint generated always as identity primary key,
    property text not null,
    day date not null,
    kind text not null,
    topic text not null,
    feeling text not null,
    texts int not null
);
create index topic_tally_by_day on topic_tally (property, day) include (kind, topic, feeling, texts);

create function tally_topics() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from topic_tally);
begin
    if tg_op in ('INSERT', 'UPDATE') then
        insert into topic_tally (property, day, kind, topic, feeling, texts)
        select property, day, kind, topic, feeling, count(*) from after where property is not null
        group by property, day, kind, topic, feeling;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into topic_tally (property, day, kind, topic, feeling, texts)
        select property, day, kind, topic, feeling, -count(*) from before where property is not null
        group by property, day, kind, topic, feeling;
    end if;
    if since / 1000 is distinct from (select max(id) from topic_tally) / 1000 then
        with oldest as (
            select id from topic_tally order by id limit 10000 for update skip locked
        ), gone as (
            delete from topic_tally where id in (select id from oldest) returning *
        )
        insert into topic_tally (property, day, kind, topic, feeling, texts)
        select property, day, kind, topic, feeling, sum(texts) from gone
        group by property, day, kind, topic, feeling having sum(texts) <> 0;
    end if;
    return null;
end
$$;
create trigger tally_new after insert on heard_topic
    referencing new table as after for each statement execute function tally_topics();
create trigger tally after update on heard_topic
    referencing old table as before new table as after for each statement execute function tally_topics();
create trigger tally_gone after delete on heard_topic
    referencing old table as before for each statement execute function tally_topics();

-- Words that came before they were understood by topic: the clock takes them in sets.
alter table survey_answer
    add column is_heard boolean not null default false,
    add column entered_by text; -- a person's name: entered by hand
create index survey_answer_unheard on survey_answer (answered_at) where comment_sealed is not null and not is_heard;
alter table reply add column is_heard boolean not null default false;
create index reply_unheard on reply (received_at) where not is_heard and text_sealed is not null
    and taken_as in ('words', 'complaint', 'score_unsure', 'stop_inside');

create table improvement (
    improvement_id uuid primary key, -- of the form: the same form makes one
    version bigint not null,
    property text not null,
    title text not null,
    topic text not null check (topic ~ '^[a-z_]{1,40}$'),
    department text,
    owner_id uuid,
    started_on date not null,
    done_on date,
    made_by text not null,
    made_at timestamptz not null,
    check (done_on >= started_on)
);
create index improvement_property on improvement (property, started_on);

-- A voice by its guest's language, as it was when the answer was counted.
alter table voice add column language text not null default '';
alter table voice_tally add column language text not null default '';
drop index voice_tally_by_day;
create index voice_tally_by_day on voice_tally (property, span, day) include (promoters, passives, detractors, language);

create or replace function tally_voices() returns trigger language plpgsql as $$
declare since bigint := (select max(id) from voice_tally);
begin
    if tg_op in ('INSERT', 'UPDATE') then
        insert into voice_tally (property, span, day, language, promoters, passives, detractors)
        select property, span, day, language, count(*) filter (where score >= 9),
               count(*) filter (where score between 7 and 8), count(*) filter (where score <= 6)
        from after group by property, span, day, language;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        insert into voice_tally (property, span, day, language, promoters, passives, detractors)
        select property, span, day, language, -count(*) filter (where score >= 9),
               -count(*) filter (where score between 7 and 8), -count(*) filter (where score <= 6)
        from before group by property, span, day, language;
    end if;
    if since / 1000 is distinct from (select max(id) from voice_tally) / 1000 then
        with oldest as (
            select id from voice_tally order by id limit 10000 for update skip locked
        ), gone as (
            delete from voice_tally where id in (select id from oldest) returning *
        )
        insert into voice_tally (property, span, day, language, promoters, passives, detractors)
        select property, span, day, language, sum(promoters), sum(passives), sum(detractors) from gone
        group by property, span, day, language
        having sum(promoters) <> 0 or sum(passives) <> 0 or sum(detractors) <> 0;
    end if;
    return null;
end
$$;
update voice set language = guest.language from guest_known as guest where guest.guest_id = voice.guest_id;

-- Scores of some days, from the index alone.
create index survey_answer_scores on survey_answer (property, answered_at) include (guest_id, score);
drop index survey_answer_property;
