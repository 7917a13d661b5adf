-- The words of messages that left are kept by month, and a month whose term is over is dropped as a whole. Those of
-- before stay where they are until their term ends them. A message's permanent key is its delivery.

-- Another attempt at a message is another row: the newest tells what its guest was sent.
create table sent_text (
    message_id uuid not null,
    sheet uuid,
    sent_at timestamptz not null,
    text_sealed text not null,
    primary key (message_id, sent_at)
) partition by range (sent_at);
-- In their row, as far as a page holds it, and never compressed: they are sealed.
alter table sent_text alter column text_sealed set storage external;

-- What no month is made for; a month is kept as this is.
create table sent_text_default partition of sent_text default with (toast_tuple_target = 8160);

-- One and the other, for whoever reads them.
create view text_of_message as
    select message_id, sheet, sent_at, text_sealed from sent_text
    union all
    select message_id, sheet, sent_at, text_sealed from kept_text;
