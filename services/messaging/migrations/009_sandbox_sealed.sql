-- What the sandbox keeps rests sealed, as what was really sent does. Rows of before are sealed in sets by the sender.
alter table sandbox_message add column words_sealed text;
create index sandbox_message_in_clear on sandbox_message (message_id) where words_sealed is null;
