-- What a survey asks: drafts, published versions, and what guests answered beside the score.

create table questionnaire_draft (
    place text primary key, -- a hotel's code; '': every hotel that has none of its own
    version int not null, -- counts the changes
    document jsonb not null,
    changed_by text not null,
    changed_at timestamptz not null
);

create table questionnaire ( -- published versions; none is ever changed
    place text not null,
    number int not null check (number > 0),
    document jsonb, -- null: from here on none of its own
    published_by text not null,
    published_at timestamptz not null,
    primary key (place, number)
);

create table survey_response ( -- a survey that was begun; its score is in survey_answer once it was sent
    message_id uuid primary key,
    guest_id uuid not null,
    stay_id uuid,
    property text,
    place text not null,
    number int not null,
    page int not null default 0, -- how far the guest came
    started_at timestamptz not null,
    submitted_at timestamptz,
    foreign key (place, number) references questionnaire
);
create unique index survey_response_stay on survey_response (stay_id) where stay_id is not null;
create index survey_response_guest on survey_response (guest_id);
create index survey_response_place on survey_response (place, number, property);

create table survey_value (
    message_id uuid not null references survey_response on delete cascade,
    field text not null, -- a question's code; of ratings by department, code.department
    kind text not null,
    number int,
    choices text[] not null default '{}',
    words_sealed text check (words_sealed like 'sealed:%'),
    at timestamptz not null,
    primary key (message_id, field)
);

create table survey_picture (
    picture_id uuid primary key,
    message_id uuid not null references survey_response on delete cascade,
    field text not null,
    content_type text not null check (content_type in ('image/jpeg', 'image/png', 'image/webp')),
    content_sealed text not null check (content_sealed like 'sealed:%'), -- its bytes in base64
    at timestamptz not null,
    unique (message_id, field)
);
create index survey_picture_at on survey_picture (at);

alter table property_known -- how the hotel looks on guests' pages
    add column names jsonb not null default '{}', -- by language of guests
    add column colour text,
    add column logo text;
