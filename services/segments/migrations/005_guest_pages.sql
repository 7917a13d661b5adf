-- What people look for and note at the desk. An import writes none of it but the key that
-- PostgreSQL makes of a name by itself.

-- Case and accents dropped. Short, because a compatibility form may be eighteen times as long as what it stands for.
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

alter table guest
    add column name_key text collate "C" not null generated always as (folded(family_name || ' ' || given_name)) stored;

create index guest_name on guest (name_key, id) where merged_into is null and erased_at is null;
create index guest_words on guest using gin (words_of(name_key)) where merged_into is null and erased_at is null;
create index guest_merged on guest (merged_into) where merged_into is not null;

create index guest_facts_arriving on guest_facts (next_arrival_on, guest_id) where next_arrival_on is not null;
create index guest_facts_stayed on guest_facts (last_checkout_on desc, guest_id) where last_checkout_on is not null;
create index guest_facts_in_house on guest_facts (guest_id) where in_house > 0;
create index guest_facts_not_contacted on guest_facts (guest_id) where do_not_contact is not null;
create index stay_in_house on stay (property, departure) where status = 'checked_in';

-- when a property's stays were last heard of, whether they changed or not
alter table property_known add column heard_at timestamptz;

-- what the desk knows of a guest and no source tells
create table guest_preference (
    guest_id uuid primary key references guest,
    text_sealed text not null,
    noted_by text not null,
    noted_at timestamptz not null
);

-- what people changed about a guest; `details` names no address and holds no text of hers
create table guest_edit (
    guest_id uuid not null references guest,
    at timestamptz not null,
    what text not null,
    by_whom text not null,
    details jsonb not null default '{}'
);

create index guest_edit_guest on guest_edit (guest_id, at);

alter table possible_duplicate add column dismissed_at timestamptz;
create index possible_duplicate_other on possible_duplicate (other_id);
