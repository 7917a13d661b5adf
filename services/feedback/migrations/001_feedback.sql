-- What feedback owns: replies, answers, objections, cases. Texts of guests rest sealed.

create table reply (
    reply_id uuid primary key,
    channel text not null check (channel in ('email', 'sms')),
    point text not null,
    guest_id uuid,
    message_id uuid,
    text_sealed text,
    taken_as text not null check (taken_as in ('stop', 'score', 'stop_inside', 'words')),
    received_at timestamptz not null
);
create index reply_guest on reply (guest_id, received_at);

create table survey_answer (
    message_id uuid primary key, -- a survey is answered once
    answer_id uuid not null unique,
    guest_id uuid not null,
    stay_id uuid,
    property text,
    score int not null check (score between 0 and 10),
    comment_sealed text,
    channel text not null,
    answered_at timestamptz not null
);
create index survey_answer_guest on survey_answer (guest_id);
create index survey_answer_property on survey_answer (property, answered_at);

create table care_case (
    case_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    stay_id uuid,
    property text,
    kind text not null check (kind in ('follow_up', 'complaint')),
    level int not null check (level between 1 and 3),
    because text not null,
    owner text,
    opened_at timestamptz not null,
    deadline timestamptz not null,
    closed_at timestamptz,
    outcome text,
    check ((closed_at is null) = (outcome is null))
);
create index care_case_open on care_case (deadline) where closed_at is null;
create index care_case_guest on care_case (guest_id);

-- What feedback has heard: only what it takes to know whose answer comes in, and to what.

create table message_known (
    message_id uuid primary key,
    seq bigint generated always as identity unique, -- in the order heard
    version bigint not null,
    guest_id uuid not null,
    journey text not null,
    purpose text not null,
    property text,
    stay_id uuid,
    channel text not null,
    sent_at timestamptz not null
);
create index message_known_guest on message_known (guest_id, channel, sent_at);

create table guest_known (
    guest_id uuid primary key,
    version bigint not null,
    language text not null default 'en',
    emails text[] not null default '{}', -- blind indexes, best first
    numbers text[] not null default '{}',
    into_guest_id uuid, -- merged away
    gone boolean not null default false
);
create index guest_known_emails on guest_known using gin (emails);
create index guest_known_numbers on guest_known using gin (numbers);

create table stay_known (
    stay_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    property text not null,
    reservation text not null,
    status text not null,
    arrival date not null,
    departure date not null
);

create table property_known (
    code text primary key,
    version bigint not null,
    name text not null,
    zone text not null,
    survey_threshold int not null
);

create table task_known (
    task_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    property text,
    journey text not null,
    kind text not null,
    due_at timestamptz not null
);
