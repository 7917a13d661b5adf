-- What pages show: who a guest is, whose hotel asks, why a case was opened and what became of it.

alter table guest_known
    add column given_name text not null default '',
    add column family_name text not null default '',
    add column home_property text;

alter table property_known
    add column legal_entity text not null default '',
    add column postal_address text not null default '',
    add column contact text not null default '';

alter table reply drop constraint reply_taken_as_check;
alter table reply add check (taken_as in ('stop', 'score', 'stop_inside', 'help', 'words'));
create index reply_stops on reply (channel, point) where taken_as = 'stop';
create index reply_received on reply (received_at);

-- Why in a word instead of a sentence, so that each reader reads it in a language of one's own; words rest sealed.
alter table care_case
    add column reason text not null default 'said'
        check (reason in ('score', 'stop_inside', 'reply', 'desk', 'phone', 'email', 'review', 'said')),
    add column source_id uuid, -- the answer or the reply it arises from
    add column words_sealed text,
    add column opened_by text, -- a person's name; null: it opened by itself
    add column owner_id uuid;
update care_case set reason = case when because like 'The stay was given %' then 'score' else 'stop_inside' end;
alter table care_case drop column because, drop column owner;
create index care_case_source on care_case (source_id);
create index care_case_closed on care_case (closed_at) where closed_at is not null;

create table case_entry (
    entry_id uuid primary key,
    case_id uuid not null references care_case,
    kind text not null check (kind in ('assigned', 'note', 'closed', 'reopened')),
    by_name text not null,
    about text, -- assigned: to whom; closed: with what outcome
    words_sealed text,
    at timestamptz not null
);
create index case_entry_case on case_entry (case_id, at);

create index survey_answer_when on survey_answer (answered_at);
create index message_known_survey on message_known (property, sent_at) where purpose = 'feedback';
create index stay_known_departure on stay_known (property, departure) where status = 'checked_out';
create index stay_known_guest on stay_known (guest_id);

-- Objections handed in as a file: each contact point once, so that the same file again changes nothing.
create table optout_listed (
    optout_id uuid primary key,
    channel text not null check (channel in ('email', 'sms')),
    point text not null,
    scope text not null,
    file text not null,
    requested_at timestamptz not null,
    listed_at timestamptz not null
);
create index optout_listed_when on optout_listed (listed_at);
