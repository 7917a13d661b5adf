-- The inbox: what a guest and the house write one another is one thread, which people read, hand on, put off and close.

-- Case and accents dropped, as segments does it. Short, because a compatibility form may be eighteen times as long as
-- what it stands for.
create function folded(name text) returns text language sql immutable strict parallel safe
return left(
    case
        when octet_length(name) = length(name) then lower(name)
        else translate(
            replace(replace(replace(replace(
                regexp_replace(lower(normalize(left(name, 300), NFKD)), '[\u0300-\u036f]', '', 'g'),
                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
            'øłđðı', 'olddi')
    end, 400);

-- The words of a name, each found by its beginning. A name in Chinese, Japanese or Korean is also found written in one,
-- in either order.
create function words_of(name_key text) returns tsvector language sql immutable strict parallel safe
return array_to_tsvector(array_remove(
    string_to_array(translate(name_key, '.,''’`"()/·_-', '            '), ' ')
    || case
        when octet_length(name_key) = length(name_key) then '{}'::text[]
        when name_key ~ '[\u2e80-\u9fff\uac00-\ud7af]' then array[
            left(replace(name_key, ' ', ''), 400),
            left(split_part(name_key, ' ', 2) || split_part(name_key, ' ', 1), 400)]
        else '{}'::text[]
    end, ''));

-- Of a guest, or of a contact point that nobody is known by.
create function thread_of(guest_id uuid, channel text, point text) returns uuid language sql immutable parallel safe
return md5('thread:' || coalesce(guest_id::text, channel || ':' || point))::uuid;

-- Who a guest is since guests were merged, also while little is known of them.
create function top_of(guest uuid) returns uuid language sql stable parallel safe as $$
    with recursive above (guest_id, next_id) as (
        select guest, (select into_guest_id from guest_known where guest_id = guest)
        union
        select next_id, (select into_guest_id from guest_known where guest_id = next_id)
        from above where next_id is not null
    )
    select guest_id from above where next_id is null limit 1
$$;

create table thread (
    thread_id uuid primary key,
    version bigint not null default 1, -- of its state; a page that changes it names the one it shows
    touched bigint not null default 1, -- counts whatever a page shows of it
    guest_id uuid,
    channel text not null check (channel in ('email', 'sms')), -- what they last wrote on
    point text not null default '', -- of a stranger
    name_key text collate "C" not null default '',
    hotels text[] not null default '{}', -- those that it is about
    is_common boolean not null default false, -- some of it is about no hotel
    last_at timestamptz not null,
    heard_at timestamptz, -- when the guest last wrote what is for a person
    unread boolean not null,
    done boolean not null,
    snoozed_until timestamptz,
    owner_id uuid,
    waits_since timestamptz, -- since when the guest waits for an answer
    changed_by text,
    changed_at timestamptz,
    place_at timestamptz not null generated always as (greatest(last_at, snoozed_until)) stored,
    check ((guest_id is null) = (point <> '')),
    check (not (unread and done)),
    check (snoozed_until is null or not (unread or done))
);
create index thread_place on thread (place_at, thread_id);
create index thread_open on thread (place_at, thread_id) where not done;
create index thread_unread on thread (place_at, thread_id) where unread;
create index thread_owner on thread (owner_id, place_at, thread_id) where owner_id is not null;
create index thread_guest on thread (guest_id);
create index thread_point on thread (point) where guest_id is null;
create index thread_words on thread using gin (words_of(name_key));
create index stay_known_reservation on stay_known (lower(reservation));
create index reply_point on reply (point, received_at) where guest_id is null;

create table thread_answer (
    message_id uuid primary key, -- the number of its form: the same form answers once
    guest_id uuid not null,
    property text,
    stay_id uuid,
    channel text not null check (channel in ('email', 'sms')),
    point text not null,
    words_sealed text,
    by_name text not null,
    waited_since timestamptz, -- of the first answer to somebody who waited
    answered_at timestamptz not null,
    version bigint not null default 0,
    state text not null default 'queued',
    reason text,
    held_until timestamptz,
    receipt_version bigint not null default 0,
    receipt text check (receipt in ('delivered', 'bounced', 'complained')),
    receipt_reason text
);
create index thread_answer_guest on thread_answer (guest_id, answered_at);
create index thread_answer_first on thread_answer (property, answered_at) where waited_since is not null;

create table thread_presence ( -- who is writing an answer; over at `until`
    thread_id uuid not null,
    person_id uuid not null,
    name text not null,
    until timestamptz not null,
    primary key (thread_id, person_id)
);
create index thread_presence_until on thread_presence (until);

create table canned_answer (
    answer_id uuid primary key,
    version bigint not null default 1,
    property text, -- null: of every hotel
    name text not null,
    texts jsonb not null, -- by language
    changed_by text not null,
    changed_at timestamptz not null
);
create unique index canned_answer_name on canned_answer (coalesce(property, ''), lower(name));

-- What was there before: of the last fortnight that guests wrote it is open and unread, the rest is done. Nobody's
-- waiting is counted from before there was an inbox.
insert into thread (thread_id, guest_id, channel, point, name_key, hotels, is_common, last_at, heard_at, unread, done)
with said as (
    select case when into_guest_id is null then reply.guest_id else top_of(reply.guest_id) end as guest_id,
           reply.channel,
           case when reply.guest_id is null then point else '' end as point, message.property, received_at,
           received_at > (select max(received_at) from reply) - interval '14 days' as is_new,
           taken_as in ('stop_inside', 'complaint', 'score_unsure', 'score_asked', 'help', 'words', 'signs')
               as for_a_person
    from reply
    left join message_known as message using (message_id)
    left join guest_known as guest on guest.guest_id = reply.guest_id
    where text_sealed is not null and (reply.guest_id is not null or point <> '')
)
select thread_of(said.guest_id, min(said.channel), point), said.guest_id,
       (array_agg(said.channel order by received_at desc))[1], point,
       coalesce(min(folded(family_name || ' ' || given_name)), ''),
       coalesce(array_agg(distinct property) filter (where property is not null), '{}'), bool_or(property is null),
       max(received_at), max(received_at) filter (where for_a_person), bool_or(is_new and for_a_person),
       not bool_or(is_new and for_a_person)
from said left join guest_known as guest on guest.guest_id = said.guest_id
where not coalesce(guest.gone and guest.into_guest_id is null, false)
group by said.guest_id, case when said.guest_id is null then said.channel end, point;
