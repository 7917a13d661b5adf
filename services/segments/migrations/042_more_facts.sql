-- More that rules ask for: answers, cases, what was written and opened, points, journeys, lists, and ranks among all.

alter table message_known
    add column sent_on date, -- in the guest's home zone, as of the following days
    add column clicked_at timestamptz,
    add column clicked_on date;
alter table answer_known add column answered_on date;
alter table case_known add column occurred_on date;

-- What journeys are called.
create table journey_known (
    journey text primary key,
    version bigint not null,
    name text not null
);

-- Guests named one by one: by a file, by hand, or as they were in a segment at an instant.
create table guest_list (
    key text primary key,
    name text not null,
    origin text not null check (origin in ('file', 'segment')),
    segment text, -- whose members they were
    counts jsonb not null default '{}', -- of a file: what matched and what did not
    created_at timestamptz not null,
    created_by text not null,
    ended_at timestamptz
);
create table guest_list_member (
    list text not null references guest_list,
    guest_id uuid not null,
    primary key (list, guest_id)
);
create index guest_list_member_guest on guest_list_member (guest_id);

-- The 99 values that divide those who have stayed into hundredths: as negatives, ascending.
create table rank_cut (
    measure text primary key,
    as_of date not null,
    downs numeric[] not null
);

alter table guest_facts
    add column last_nights int,
    add column last_rate_plan text,
    add column last_company text,
    add column last_party text,
    add column last_weekday text,
    add column points int,
    add column last_answer_on date,
    add column last_score int,
    add column answers int not null default 0,
    add column open_cases text[] not null default '{}',
    add column last_case_closed_on date,
    add column journeys text[] not null default '{}',
    add column lists text[] not null default '{}',
    add column email_written_on date,
    add column email_clicked_on date,
    add column sms_written_on date,
    add column sms_clicked_on date,
    add column whatsapp_written_on date,
    add column whatsapp_clicked_on date;
create index guest_facts_last_answer on guest_facts (home_zone, last_answer_on) where last_answer_on is not null;
create index guest_facts_last_case_closed on guest_facts (home_zone, last_case_closed_on)
    where last_case_closed_on is not null;
create index guest_facts_email_written on guest_facts (home_zone, email_written_on) where email_written_on is not null;
create index guest_facts_email_clicked on guest_facts (home_zone, email_clicked_on) where email_clicked_on is not null;
create index guest_facts_sms_written on guest_facts (home_zone, sms_written_on) where sms_written_on is not null;
create index guest_facts_sms_clicked on guest_facts (home_zone, sms_clicked_on) where sms_clicked_on is not null;
create index guest_facts_whatsapp_written on guest_facts (home_zone, whatsapp_written_on)
    where whatsapp_written_on is not null;
create index guest_facts_whatsapp_clicked on guest_facts (home_zone, whatsapp_clicked_on)
    where whatsapp_clicked_on is not null;

-- What is known already: once and for all by the server's own zones.
update message_known m set sent_on = (m.occurred_at at time zone g.home_zone)::date
from guest g where g.id = m.guest_id and m.state = 'sent';
update answer_known a set answered_on = (a.answered_at at time zone g.home_zone)::date
from guest g where g.id = a.guest_id;
update case_known c set occurred_on = (c.occurred_at at time zone g.home_zone)::date
from guest g where g.id = c.guest_id;
update guest_facts f
set last_answer_on = a.answered_on, last_score = a.score, answers = a.answers
from (
    select distinct on (guest_id) guest_id, answered_on, score, count(*) over (partition by guest_id) as answers
    from answer_known where not void order by guest_id, answered_at desc, answer_id desc
) as a
where a.guest_id = f.guest_id;
update guest_facts f
set open_cases = c.open, last_case_closed_on = c.closed_on
from (
    select guest_id, coalesce(array_agg(distinct kind) filter (where open), '{}') as open,
        max(occurred_on) filter (where not open) as closed_on
    from case_known group by guest_id
) as c
where c.guest_id = f.guest_id;
update guest_facts f
set journeys = m.journeys, email_written_on = m.email, sms_written_on = m.sms, whatsapp_written_on = m.whatsapp
from (
    select guest_id, array_agg(distinct journey order by journey) as journeys,
        max(sent_on) filter (where channel = 'email') as email, max(sent_on) filter (where channel = 'sms') as sms,
        max(sent_on) filter (where channel = 'whatsapp') as whatsapp
    from message_known where state = 'sent' and version > 0 group by guest_id
) as m
where m.guest_id = f.guest_id;
update guest_facts f set points = floor(l.points)
from (
    select distinct on (guest_id) guest_id, points
    from loyalty order by guest_id, as_of desc, told_at desc, id
) as l
where l.guest_id = f.guest_id and abs(l.points) < 2000000000;
update guest_facts f
set last_nights = s.nights, last_rate_plan = s.rate_plan, last_company = s.company,
    last_party = case when s.children > 0 then 'family' when s.adults = 1 then 'single' when s.adults = 2 then 'couple'
        when s.adults > 2 then 'group' end,
    last_weekday = extract(isodow from s.arrival)::int::text
from stay s where s.id = f.last_stay_id;
