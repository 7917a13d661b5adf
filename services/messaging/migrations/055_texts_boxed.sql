-- Texts are kept as bytes; those of before stay letters until their month goes.
alter table sent_text add column text_boxed bytea, alter column text_sealed drop not null;
alter table sent_text alter column text_boxed set storage external;
create or replace view text_of_message as
    select message_id, sheet, sent_at, coalesce(text_sealed, unboxed(text_boxed, 'message_text')) as text_sealed
    from sent_text
    union all
    select message_id, sheet, sent_at, text_sealed from kept_text;
