-- What replies are understood as and the words that rests on; what may be an objection until a person has read it;
-- scores that a person decided or corrected; pictures that came with a reply.

alter table reply drop constraint reply_taken_as_check;
alter table reply add check (taken_as in ('stop', 'start', 'score', 'stop_inside', 'score_asked', 'score_unsure', 'help',
    'complaint', 'reaction', 'auto_reply', 'advert', 'signs', 'words'));
alter table reply
    add column because_sealed text, -- by what was understood, the words it rests on
    add column language text,
    add column sentiment text,
    add column topics text[] not null default '{}',
    add column urgent boolean not null default false;
create index reply_starts on reply (channel, point) where taken_as = 'start';

alter table care_case drop constraint care_case_reason_check;
alter table care_case add check (reason in ('score', 'stop_inside', 'words', 'reply', 'desk', 'phone', 'email', 'review',
    'said', 'urgent'));

create table objection_question (
    reply_id uuid primary key,
    version bigint not null default 1, -- 1: unread, 2: read
    channel text not null,
    points text[] not null, -- what the contact point is known by under each key of the index
    guest_id uuid,
    property text,
    case_id uuid,
    asked_at timestamptz not null,
    read_at timestamptz,
    read_by text,
    is_objection boolean,
    check ((read_at is null) = (is_objection is null))
);
create index objection_question_unread on objection_question (asked_at) where read_at is null;
create index objection_question_guest on objection_question (guest_id);

alter table survey_answer
    add column version bigint not null default 1,
    add column given_sealed text, -- the words a score was read from
    add column given_scale int; -- of how many, where the guest named another scale than ours

create table score_correction (
    correction_id uuid primary key,
    message_id uuid not null,
    before int,
    after int, -- null: it was no score
    by_name text not null,
    at timestamptz not null
);
create index score_correction_message on score_correction (message_id, at);

create table reply_picture (
    picture_id uuid primary key,
    reply_id uuid not null,
    place int not null,
    url_sealed text,
    content_type text not null default '',
    content_sealed text, -- its bytes in base64
    state text not null default 'waiting' check (state in ('waiting', 'kept', 'lost')),
    tries int not null default 0,
    next_at timestamptz not null,
    received_at timestamptz not null
);
create index reply_picture_reply on reply_picture (reply_id, place);
create index reply_picture_waiting on reply_picture (next_at) where state = 'waiting';
