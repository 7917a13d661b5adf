-- An answer may bring a picture, its own or a canned answer's.
alter table canned_answer
    add column picture bytea,
    add column picture_type text,
    add constraint canned_answer_picture check ((picture is null) = (picture_type is null));
alter table thread_answer
    add column picture_sealed text,
    add column picture_type text,
    add column picture_alt_sealed text; -- what it shows, in words
