-- What a correction teaches: the words it was about are read so the next time. Each text teaches by its latest correction.
create table heard_lesson (
    lesson_id uuid primary key, -- of the correction, and whether it is of the whole text
    text_id uuid not null references heard_text on delete cascade,
    property text,
    words_sealed text not null, -- folded, a space between each two
    is_whole boolean not null, -- of a text that is nothing but these words; else wherever they stand
    feelings jsonb not null, -- by topic, '': the whole text; 'none': not spoken of
    by_name text not null,
    at timestamptz not null,
    taken_back_by text,
    taken_back_at timestamptz,
    check ((taken_back_by is null) = (taken_back_at is null))
);
create index heard_lesson_text on heard_lesson (text_id);
create index heard_lesson_counting on heard_lesson (at desc, lesson_id) where taken_back_at is null;

-- The lessons that a reading rests on: it can say so, and is made anew where one is taken back.
alter table heard_text add column taught_by uuid[] not null default '{}';
create index heard_text_taught on heard_text using gin (taught_by) where taught_by <> '{}';
