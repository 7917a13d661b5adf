-- What a colleague's answer shows its guest, as it came: whoever has the signed link of the message sees it.
create table answer_picture (
    message_id uuid primary key,
    media_type text not null,
    content_sealed text not null,
    answered_at timestamptz not null
);
create index answer_picture_at on answer_picture (answered_at);
